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
typedef int32_t unaligned_mask __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef double wide __attribute__((vector_size(LANES * 4)));
typedef double unaligned_wide __attribute__((vector_size(LANES * 4), aligned(8), may_alias));

static INLINE vec load(const float *x) { return *(const unaligned_vec *)x; }
static INLINE void store(float *y, vec v) { *(unaligned_vec *)y = v; }
static INLINE vec zero(void) { return (vec){0}; }
static INLINE vec splat(float x) { return x - (vec){0}; }
static INLINE vec max(vec a, vec b) { return __builtin_elementwise_max(a, b); }
// Where the mask is set (all ones), the first, else the second.
static INLINE mask choose_index(mask where, mask a, mask b) { return (where & a) | (~where & b); }
static INLINE vec choose(mask where, vec a, vec b) { return (vec)choose_index(where, (mask)a, (mask)b); }
#if LEVEL_HAS_FMA
static INLINE vec fma(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
#else
static INLINE vec fma(vec a, vec b, vec c) { return a * b + c; }
#endif

// v where the mask is set and 0 elsewhere; yes where it is set and no elsewhere. Compilers make blends of these.
static INLINE vec keep(mask m, vec v) { return (vec)((mask)v & m); }
static INLINE vec pick(mask m, vec yes, vec no) { return (vec)(((mask)yes & m) | ((mask)no & ~m)); }
static INLINE vec relu(vec v) { return keep(~(v < zero()), v); } // keeps a NaN

// Runs `body(vectors, column)` for the columns of a row in strips of four vectors, then of one: what a strip sums over
// the rows stays in registers.
#define STRIP 4
#define FOR_EACH_STRIP(width, body)                                                                 \
  do {                                                                                              \
    ptrdiff_t column = 0;                                                                           \
    for (; column + STRIP * LANES <= (width); column += STRIP * LANES) body(STRIP, column);         \
    for (; column < (width); column += LANES) body(1, column);                                      \
  } while (0)

#include "Product.h"
#include "RowNormalization.h"
#include "RowNormalizationPooled.h"
#include "Transpose.h"
#include "Winograd.h"
#include "WinogradTiles.h"
#include "WinogradWeights.h"
#include "PatchRows.h"
#include "RowPooling.h"
#include "RowSums.h"
#include "Layout.h"
#include "ProductMaximum.h"
#include "SparseMaximum.h"
#include "Deviations.h"
#include "QuadraticForm.h"
#include "SparseRows.h"
#include "Ceiling.h"

const struct kernel_level LEVEL(kernel_level) = {
  .name = LEVEL_STRING(LEVEL_NAME),
  .lanes = LANES,
  .panel = PANEL,
  .product = LEVEL(product),
  .row_moments = LEVEL(row_moments),
  .row_forward = LEVEL(row_forward),
  .row_gradient_sums = LEVEL(row_gradient_sums),
  .row_input_gradient = LEVEL(row_input_gradient),
  .row_forward_pooled = LEVEL(row_forward_pooled),
  .row_gradient_sums_pooled = LEVEL(row_gradient_sums_pooled),
  .row_input_gradient_pooled = LEVEL(row_input_gradient_pooled),
  .product_ahead = LEVEL(product_ahead),
  .transpose = LEVEL(transpose),
  .tile_inputs = LEVEL(tile_inputs),
  .tile_gradients = LEVEL(tile_gradients),
  .tile_outputs = LEVEL(tile_outputs),
  .weight_frequencies = LEVEL(weight_frequencies),
  .weight_taps = LEVEL(weight_taps),
  .patch_gather = LEVEL(patch_gather),
  .patch_add = LEVEL(patch_add),
  .row_maximum = LEVEL(row_maximum),
  .row_maximum_backward = LEVEL(row_maximum_backward),
  .row_average = LEVEL(row_average),
  .row_average_backward = LEVEL(row_average_backward),
  .row_global_maximum = LEVEL(row_global_maximum),
  .row_sums = LEVEL(row_sums),
  .row_spread = LEVEL(row_spread),
  .planes_to_rows = LEVEL(planes_to_rows),
  .rows_to_planes = LEVEL(rows_to_planes),
  .product_maximum = LEVEL(product_maximum),
  .sparse_rows = LEVEL(sparse_rows),
  .sparse_maximum = LEVEL(sparse_maximum),
  .sparse_share = SPARSE_SHARE,
  .deviations = LEVEL(deviations),
  .quadratic_form = LEVEL(quadratic_form),
  .scatter_rows = LEVEL(scatter_rows),
  .gather_rows = LEVEL(gather_rows),
  .ceiling_multiply_add = LEVEL(ceiling_multiply_add),
  .ceiling_read = LEVEL(ceiling_read),
  .ceiling_triad = LEVEL(ceiling_triad),
};
