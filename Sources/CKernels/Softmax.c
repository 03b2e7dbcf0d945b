#include "CKernels.h"
#include "Clones.h"
#include "Exponential.h"
#include <math.h>

static inline float largest(ptrdiff_t n, const float *x) {
  float result = x[0];
  for (ptrdiff_t i = 1; i < n; i++) result = x[i] > result || x[i] != x[i] ? x[i] : result;
  return result;
}

CLONES float kernel_softmax(ptrdiff_t n, const float *x, float *y) {
  float peak = largest(n, x);
  for (ptrdiff_t i = 0; i < n; i++) y[i] = exponential(x[i] - peak);
  double sum = kernel_sum(n, y);
  float inverse = (float)(1 / sum);
  for (ptrdiff_t i = 0; i < n; i++) y[i] *= inverse;
  return (float)(peak + log(sum));
}

CLONES float kernel_log_softmax(ptrdiff_t n, const float *x, float *y) {
  float peak = largest(n, x);
  for (ptrdiff_t i = 0; i < n; i++) y[i] = exponential(x[i] - peak);
  double logarithm = log(kernel_sum(n, y));
  for (ptrdiff_t i = 0; i < n; i++) y[i] = (float)((x[i] - peak) - logarithm);
  return (float)(peak + logarithm);
}
