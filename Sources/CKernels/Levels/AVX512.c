// Sixteen floats a vector, 32 registers: 28 hold a block of C, four a row of B.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define LEVEL_NAME avx512
#define LANES 16
#define LEVEL_HAS_FMA 1
#define BLOCK_ROWS 7
#define BLOCK_VECTORS 4
#define SPARSE_SHARE 0.70
#include "Level.h"
#pragma clang attribute pop
#endif
