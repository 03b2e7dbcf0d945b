// Kernels that are written once and compiled for each level of processor: one table of functions a level, chosen when
// the program runs. Activations are matrices [rows, channels] of float32, row after row; channels are a multiple of 16.
#pragma once
#include <stddef.h>
#include <stdint.h>

// C[m, n] = A B, or C += A B. A is read as a[row * a_row + depth * a_depth]. B lies in panels of `panel` columns, the
// last of which may be narrower (n is a multiple of 16): b[column / panel * b_panel + depth * b_depth + column % panel].
struct kernel_product {
  ptrdiff_t m, n, depth;
  const float *a;
  ptrdiff_t a_row, a_depth;
  const float *b;
  ptrdiff_t b_depth, b_panel;
  float *c;
  ptrdiff_t c_row;
  int accumulates;
};

// The largest element of each column of A B, and its row: the first among equals, a NaN before all. Rows of A are
// contiguous; B consists of whole panels one after another, each of them [depth, columns of a panel].
struct kernel_product_maximum {
  ptrdiff_t m, depth, panels;
  const float *a;
  ptrdiff_t a_row;
  const float *b;
  float *maximum;
  int32_t *index;
};

struct kernel_level {
  const char *name; // "avx512", "avx2", "baseline"
  int lanes;        // floats in a vector
  int panel;        // columns in a panel of B

  // Product.h
  void (*product)(const struct kernel_product *p);

  // ProductMaximum.h
  void (*product_maximum)(const struct kernel_product_maximum *p);

  // Deviations.h: x [rows, width] less its mean, in strips of 64 columns: y[column / 64][row][column % 64].
  void (*deviations)(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *mean, float *y);

  // QuadraticForm.h: y[row] = x[row] S x[row]ᵀ for x [rows, width] and a symmetric S [width, width].
  void (*quadratic_form)(ptrdiff_t rows, ptrdiff_t width, const double *x, const double *s, double *y);

  // SparseRows.h: y[index[k] - first] += scale[k] x[k] for those k whose index is in first ..< end.
  void (*scatter_rows)(ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *scale, const float *x,
                       int32_t first, int32_t end, float *y);
  // y[k] += scale[k] x[index[k]].
  void (*gather_rows)(ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *scale, const float *x,
                      float *y);
};

// The levels that this processor can run, the fastest first.
int kernel_level_count(void);
const struct kernel_level *kernel_level_at(int index);
