#include "CKernels.h"
#include "Clones.h"
#include "Exponential.h"
#include <math.h>

CLONES void kernel_exponential(ptrdiff_t n, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = exponential(x[i]);
}

CLONES void kernel_sigmoid(ptrdiff_t n, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float v = x[i], e = exponential(-fabsf(v)); // at most 1, so that neither side overflows
    y[i] = (v < 0 ? e : 1.0f) / (1.0f + e);
  }
}

void kernel_logarithm(ptrdiff_t n, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = logf(x[i]);
}

void kernel_hyperbolic_tangent(ptrdiff_t n, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = tanhf(x[i]);
}
