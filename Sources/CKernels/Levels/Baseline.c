// Four floats a vector, as every x86-64 and arm64 has them.
#define LEVEL_NAME baseline
#define LANES 4
#define LEVEL_HAS_FMA 0
#define BLOCK_ROWS 6
#define BLOCK_VECTORS 2
#define SPARSE_SHARE 0.90
#include "Level.h"
