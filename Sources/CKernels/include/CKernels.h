// The innermost loops of the room Kernels. All arrays are float32, contiguous unless a stride is given.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "KernelLevels.h"

// Elementwise.c: y[i] = f(x[i])
typedef void (*kernel_unary)(ptrdiff_t n, const float *x, float *y);
void kernel_negate(ptrdiff_t n, const float *x, float *y);
void kernel_absolute(ptrdiff_t n, const float *x, float *y);
void kernel_sign(ptrdiff_t n, const float *x, float *y);
void kernel_relu(ptrdiff_t n, const float *x, float *y);
void kernel_square_root(ptrdiff_t n, const float *x, float *y);

// Transcendental.c: y[i] = f(x[i])
void kernel_exponential(ptrdiff_t n, const float *x, float *y);
void kernel_logarithm(ptrdiff_t n, const float *x, float *y);
void kernel_hyperbolic_tangent(ptrdiff_t n, const float *x, float *y);
void kernel_sigmoid(ptrdiff_t n, const float *x, float *y);

// Binary.c: c[i] = f(a[i * a_stride], b[i * b_stride])
enum kernel_operation {
  kernel_add, kernel_subtract, kernel_multiply, kernel_divide, kernel_maximum, kernel_minimum, kernel_power,
  kernel_equal, kernel_not_equal, kernel_less, kernel_less_equal, kernel_greater, kernel_greater_equal
};
void kernel_binary(enum kernel_operation operation, ptrdiff_t n, const float *a, ptrdiff_t a_stride,
                   const float *b, ptrdiff_t b_stride, float *c);

// Elementwise.c
void kernel_fill(ptrdiff_t n, float value, float *y);
void kernel_copy_strided(ptrdiff_t n, const float *x, ptrdiff_t stride, float *y);
void kernel_axpy(ptrdiff_t n, float scale, const float *x, float *y);               // y += scale * x
void kernel_affine(ptrdiff_t n, const float *x, float scale, float shift, float *y); // y = scale * x + shift
void kernel_relu_backward(ptrdiff_t n, const float *x, const float *gradient, float *y);
void kernel_leaky_relu(ptrdiff_t n, float slope, const float *x, float *y);
void kernel_leaky_relu_backward(ptrdiff_t n, float slope, const float *x, const float *gradient, float *y);
// y = a * g + b * x + c: the input gradient of every normalisation.
void kernel_combine(ptrdiff_t n, float a, const float *g, float b, const float *x, float c, float *y);

// Poison.c: what the address sanitizer, in a build with it, reports any touch of; elsewhere nothing happens
void kernel_poison(const void *start, size_t bytes);
void kernel_unpoison(const void *start, size_t bytes);

// Sums.c: accumulated in float64, in an order that depends on n alone
double kernel_sum(ptrdiff_t n, const float *x);
double kernel_squared_deviation(ptrdiff_t n, const float *x, double mean);
void kernel_gradient_sums(ptrdiff_t n, const float *x, double mean, const float *gradient, double *sum,
                          double *product); // sum += Σ g, product += Σ g (x - mean)
void kernel_accumulate(ptrdiff_t n, const float *x, double *sums); // sums[i] += x[i]
// The moments of the whole from those of a part of `count` rows: sums += count * means; then, the whole's mean being
// known, sums += squares + count * (means - mean)².
void kernel_accumulate_means(ptrdiff_t n, double count, const float *means, double *sums);
void kernel_accumulate_squares(ptrdiff_t n, double count, const float *means, const float *squares,
                               const double *mean, double *sums);

// FewRows.c: one to four rows [rows, n]
void kernel_dot_rows(ptrdiff_t rows, ptrdiff_t n, const float *a, const float *b, double *result); // Σ a[row] b
void kernel_combine_rows(ptrdiff_t rows, ptrdiff_t n, const float *scales, const float *b, float beta,
                         float *c); // c = Σ scales[row] b[row] + beta * c

// Patches.c: what one kernel position sees of one input plane, as `rows` x `columns` outputs see it
struct kernel_window {
  ptrdiff_t rows, columns;           // outputs
  ptrdiff_t height, width;           // of the input plane
  ptrdiff_t first_row, first_column; // the input that output (0, 0) reads, outside of the plane for padding
  ptrdiff_t stride;
};
void kernel_gather(const struct kernel_window *window, const float *plane, float *patch);
void kernel_scatter(const struct kernel_window *window, float *patch, float *plane); // adds; clears borders of patch

// Softmax.c: one row
float kernel_softmax(ptrdiff_t n, const float *x, float *y);     // returns log Σ exp(x)
float kernel_log_softmax(ptrdiff_t n, const float *x, float *y); // returns log Σ exp(x)

// Updates.c
void kernel_sgd(ptrdiff_t n, float *parameter, const float *gradient, float *velocity, float rate, float momentum,
                float decay);
struct kernel_adam_step {
  float one_minus_beta1, beta2, one_minus_beta2, root_correction, epsilon, step_size, decay;
};
void kernel_adam(ptrdiff_t n, float *parameter, const float *gradient, float *first, float *second,
                 struct kernel_adam_step step);

// Processor.c: the cores that this process may use
int kernel_usable_cores(void);
