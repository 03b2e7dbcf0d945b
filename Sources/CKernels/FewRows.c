// Products of a large matrix with up to four rows: each element of the large one is read, or written, just once.
#include "CKernels.h"
#include "Clones.h"
#include <string.h>

// Sixteen running sums in float64. The product of two floats is exact there, so every level of processor gives the
// same sum, in an order that depends on n alone.
#define LANES 16
typedef float floats __attribute__((vector_size(LANES * sizeof(float))));
typedef double doubles __attribute__((vector_size(LANES * sizeof(double))));
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE void load(const float *x, doubles *out) {
  floats v;
  memcpy(&v, x, sizeof v);
  *out = __builtin_convertvector(v, doubles);
}

INLINE void dot(const int rows, ptrdiff_t n, const float *a, const float *b, double *result) {
  doubles sums[4] = {{0}}, left, right;
  double rest[4] = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    load(b + i, &right);
    UNROLL for (int row = 0; row < rows; row++) {
      load(a + row * n + i, &left);
      sums[row] += left * right;
    }
  }
  for (; i < n; i++)
    UNROLL for (int row = 0; row < rows; row++) rest[row] += (double)a[row * n + i] * b[i];
  UNROLL for (int row = 0; row < rows; row++) {
    for (int lane = 0; lane < LANES; lane++) rest[row] += sums[row][lane];
    result[row] = rest[row];
  }
}

CLONES void kernel_dot_rows(ptrdiff_t rows, ptrdiff_t n, const float *a, const float *b, double *result) {
  switch (rows) {
  case 1: return dot(1, n, a, b, result);
  case 2: return dot(2, n, a, b, result);
  case 3: return dot(3, n, a, b, result);
  default: return dot(4, n, a, b, result);
  }
}

INLINE void combine(const int rows, ptrdiff_t n, const float *scales, const float *b, float beta, float *c) {
  // What c holds before may be anything, a NaN too, where beta is 0.
  if (beta == 0)
    for (ptrdiff_t i = 0; i < n; i++) {
      float sum = scales[0] * b[i];
      UNROLL for (int row = 1; row < rows; row++) sum += scales[row] * b[row * n + i];
      c[i] = sum;
    }
  else
    for (ptrdiff_t i = 0; i < n; i++) {
      float sum = beta * c[i];
      UNROLL for (int row = 0; row < rows; row++) sum += scales[row] * b[row * n + i];
      c[i] = sum;
    }
}

CLONES void kernel_combine_rows(ptrdiff_t rows, ptrdiff_t n, const float *scales, const float *b, float beta,
                                float *c) {
  switch (rows) {
  case 1: return combine(1, n, scales, b, beta, c);
  case 2: return combine(2, n, scales, b, beta, c);
  case 3: return combine(3, n, scales, b, beta, c);
  default: return combine(4, n, scales, b, beta, c);
  }
}
