#include "CKernels.h"
#include "Clones.h"
#include <string.h>

// Sixteen running sums in float64: they vectorise without leave to reorder, and the order depends on n alone.
#define LANES 16
typedef float floats __attribute__((vector_size(LANES * sizeof(float))));
typedef double doubles __attribute__((vector_size(LANES * sizeof(double))));

static inline __attribute__((always_inline)) void load(const float *x, doubles *out) {
  floats v;
  memcpy(&v, x, sizeof v);
  *out = __builtin_convertvector(v, doubles);
}

static inline __attribute__((always_inline)) double total(const doubles *sums) {
  double result = 0;
  for (int lane = 0; lane < LANES; lane++) result += (*sums)[lane];
  return result;
}

CLONES double kernel_sum(ptrdiff_t n, const float *x) {
  doubles sums = {0}, v;
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    load(x + i, &v);
    sums += v;
  }
  double rest = 0;
  for (; i < n; i++) rest += x[i];
  return total(&sums) + rest;
}

CLONES double kernel_squared_deviation(ptrdiff_t n, const float *x, double mean) {
  doubles sums = {0}, v;
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    load(x + i, &v);
    v -= mean;
    sums += v * v;
  }
  double rest = 0;
  for (; i < n; i++) rest += (x[i] - mean) * (x[i] - mean);
  return total(&sums) + rest;
}

CLONES void kernel_gradient_sums(ptrdiff_t n, const float *x, double mean, const float *gradient, double *sum,
                                 double *product) {
  doubles sums = {0}, products = {0}, v, g;
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    load(x + i, &v);
    load(gradient + i, &g);
    sums += g;
    products += g * (v - mean);
  }
  double sum_rest = 0, product_rest = 0;
  for (; i < n; i++) {
    sum_rest += gradient[i];
    product_rest += gradient[i] * (x[i] - mean);
  }
  *sum += total(&sums) + sum_rest;
  *product += total(&products) + product_rest;
}

CLONES void kernel_accumulate(ptrdiff_t n, const float *x, double *sums) {
  for (ptrdiff_t i = 0; i < n; i++) sums[i] += x[i];
}

CLONES void kernel_accumulate_means(ptrdiff_t n, double count, const float *means, double *sums) {
  for (ptrdiff_t i = 0; i < n; i++) sums[i] += count * means[i];
}

CLONES void kernel_accumulate_squares(ptrdiff_t n, double count, const float *means, const float *squares,
                                      const double *mean, double *sums) {
  for (ptrdiff_t i = 0; i < n; i++) {
    double offset = means[i] - mean[i];
    sums[i] += squares[i] + count * offset * offset;
  }
}
