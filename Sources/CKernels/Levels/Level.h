// The kernels of one level. Whoever includes this has defined LEVEL_NAME, LANES (floats in a vector), BLOCK_ROWS and
// BLOCK_VECTORS (the block of a product that fits into the registers), and switched the compiler to the level.
#include "../include/KernelLevels.h"

#define PANEL (LANES * BLOCK_VECTORS)
#define LEVEL_JOIN(name, level) name##_##level
#define LEVEL_EXPAND(name, level) LEVEL_JOIN(name, level)
#define LEVEL(name) LEVEL_EXPAND(name, LEVEL_NAME)
#define LEVEL_STRING_OF(level) #level
#define LEVEL_STRING(level) LEVEL_STRING_OF(level)

#define INLINE inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((vector_size(LANES * 4)));
typedef float unaligned_vec __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int32_t mask __attribute__((vector_size(LANES * 4)));

static INLINE vec load(const float *x) { return *(const unaligned_vec *)x; }
static INLINE void store(float *y, vec v) { *(unaligned_vec *)y = v; }
static INLINE vec zero(void) { return (vec){0}; }
static INLINE vec splat(float x) { return x - (vec){0}; }
static INLINE vec max(vec a, vec b) { return __builtin_elementwise_max(a, b); }
#if LEVEL_HAS_FMA
static INLINE vec fma(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
#else
static INLINE vec fma(vec a, vec b, vec c) { return a * b + c; }
#endif

#include "Product.h"
#include "Transpose.h"
#include "Winograd.h"
#include "WinogradTiles.h"
#include "WinogradWeights.h"
#include "PatchRows.h"

const struct kernel_level LEVEL(kernel_level) = {
  .name = LEVEL_STRING(LEVEL_NAME),
  .lanes = LANES,
  .panel = PANEL,
  .product = LEVEL(product),
  .product_ahead = LEVEL(product_ahead),
  .transpose = LEVEL(transpose),
  .tile_inputs = LEVEL(tile_inputs),
  .tile_gradients = LEVEL(tile_gradients),
  .tile_outputs = LEVEL(tile_outputs),
  .weight_frequencies = LEVEL(weight_frequencies),
  .weight_taps = LEVEL(weight_taps),
  .patch_gather = LEVEL(patch_gather),
  .patch_add = LEVEL(patch_add),
};
