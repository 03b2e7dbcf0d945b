// Eight floats a vector, 16 registers: twelve hold a block of C, two a row of B.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL_NAME avx2
#define LANES 8
#define LEVEL_HAS_FMA 1
#define BLOCK_ROWS 6
#define BLOCK_VECTORS 2
#define SPARSE_SHARE 0.75
#include "Level.h"
#pragma clang attribute pop
#endif
