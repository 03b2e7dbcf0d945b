#include "CKernels.h"
#include "Clones.h"
#include <math.h>

#define UNARY(name, expression)                                  \
  CLONES void kernel_##name(ptrdiff_t n, const float *x, float *y) { \
    for (ptrdiff_t i = 0; i < n; i++) {                          \
      float v = x[i];                                            \
      y[i] = expression;                                         \
    }                                                            \
  }

UNARY(negate, -v)
UNARY(absolute, fabsf(v))
UNARY(sign, v > 0 ? 1.0f : v < 0 ? -1.0f : v)
UNARY(relu, v < 0 ? 0.0f : v)
UNARY(square_root, sqrtf(v))

CLONES void kernel_fill(ptrdiff_t n, float value, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = value;
}

CLONES void kernel_copy_strided(ptrdiff_t n, const float *x, ptrdiff_t stride, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i * stride];
}

CLONES void kernel_axpy(ptrdiff_t n, float scale, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] += scale * x[i];
}

CLONES void kernel_affine(ptrdiff_t n, const float *x, float scale, float shift, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = scale * x[i] + shift;
}

CLONES void kernel_relu_backward(ptrdiff_t n, const float *x, const float *gradient, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float g = gradient[i];
    y[i] = x[i] > 0 ? g : 0;
  }
}

CLONES void kernel_leaky_relu(ptrdiff_t n, float slope, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
}

CLONES void kernel_leaky_relu_backward(ptrdiff_t n, float slope, const float *x, const float *gradient, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float g = gradient[i], scaled = slope * g;
    y[i] = x[i] > 0 ? g : scaled;
  }
}

CLONES void kernel_combine(ptrdiff_t n, float a, const float *g, float b, const float *x, float c, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = a * g[i] + b * x[i] + c;
}
