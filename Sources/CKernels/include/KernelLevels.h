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

struct kernel_level {
  const char *name; // "avx512", "avx2", "baseline"
  int lanes;        // floats in a vector
  int panel;        // columns in a panel of B

  // Product.h
  void (*product)(const struct kernel_product *p);
};

// The levels that this processor can run, the fastest first.
int kernel_level_count(void);
const struct kernel_level *kernel_level_at(int index);
