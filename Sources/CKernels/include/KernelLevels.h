// Kernels that are written once and compiled for each level of processor: one table of functions a level, chosen when
// the program runs. Activations are matrices [rows, channels] of float32, row after row; channels are a multiple of 16.
#pragma once
#include <stddef.h>
#include <stdint.h>

// C[m, n] = A B, or C += A B. A is read as a[row * a_row + depth * a_depth]. B lies in panels of `panel` columns, the
// last of which may be narrower (n is a multiple of 16), and is read as
// b[column / panel * b_panel + depth * b_depth + column % panel].
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

// A run of rows of a normalisation z a + b and what follows it. Arrays over channels hold `width` numbers, all others
// [rows, width]; what is NULL is left out.
struct kernel_row_normalization {
  ptrdiff_t rows, width;
  const float *z, *a, *b;
  int relu;              // of z a + b
  int relu_after_sum;    // of relu?(z a + b) + residual
  const float *residual;
  float *y;              // the result; in backward passes read where relu_after_sum
  float *dy;             // its gradient; the sums leave it multiplied by the derivative of the relu after the sum
  const float *mean;     // the sums are of g and g (z - mean), g the gradient of z a + b
  float *sum, *product;
  const float *p, *q, *r; // dz = p g + q z + r
  float *dz;
  int accumulates;       // dz is added to what is there
  // Where y is pooled over windows of 2 x 2: z, dz are rows of images of `height` x `columns`, from the first row of an
  // image on, y and dy rows of images of half the size; `first_line` and `lines` count rows of windows from there.
  ptrdiff_t height, columns, first_line, lines;
};

// Memory that the work after a product reads or writes: fetched meanwhile. A hint: it may lie outside of any array.
struct kernel_ahead {
  const float *start;
  ptrdiff_t count;
};

// Tiles of images [height, width, channels] for a Winograd convolution, those from `first` in the order image, tile
// row, tile column. `points` is 6 for kernels of 3x3 and 8 for 5x5. Frequency f of tile t lies at
// f * frequency + (t - first) * tile + channel / lanes of a panel * panel + channel % lanes of a panel.
struct kernel_tiles {
  ptrdiff_t points;
  ptrdiff_t height, width, channels;
  ptrdiff_t padding;       // positions by which the first tile begins outside
  ptrdiff_t rows, columns; // tiles of an image
  ptrdiff_t first, count;
  ptrdiff_t frequency, tile, panel;
  int rectified;           // outputs below zero become zero
};

// A panel of the weights of a Winograd convolution: taps [depth, taps, columns] with `taps_row` floats between rows,
// and frequencies, of which there may be partial sums.
struct kernel_weights {
  ptrdiff_t points, depth, columns;
  ptrdiff_t taps_row;
  int rotated; // the taps are read from last to first
  ptrdiff_t frequency, frequencies_row;
  ptrdiff_t parts, part;
};

// Patches of images [height, width, channels], one in each row of `row` floats; positions in the order image, y, x.
struct kernel_patches {
  ptrdiff_t height, width, channels;
  ptrdiff_t output_height, output_width;
  ptrdiff_t kernel_height, kernel_width, stride;
  ptrdiff_t top, left; // positions by which the first patch begins outside of the image
  ptrdiff_t row;
};

// Pooling of images [height, columns, width] to [output_height, output_columns, width], over square windows.
struct kernel_row_pooling {
  ptrdiff_t height, columns, width, output_height, output_columns;
  ptrdiff_t kernel, stride, padding;
  ptrdiff_t first_output, outputs; // rows of y, for forward passes
  int accumulates;                 // backward: the gradient is added to what is there
};

// Planes [channels, positions] and rows [positions, width]; `count` positions from `first` on are copied.
struct kernel_layout {
  ptrdiff_t channels, positions, width, first, count;
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

// An element of A that is not zero, and where the row that it meets begins in a panel of B.
struct kernel_nonzero {
  float value;
  int32_t offset;
};

// What is not zero in the rows of A: `order` holds the rows' numbers, those with few elements first, and `elements`
// theirs in this order, with room for rows * (depth + 1) + 16; `count` is by row; `start` has room for depth + 2.
struct kernel_sparse {
  struct kernel_nonzero *elements;
  int32_t *count, *order, *start;
};

struct kernel_level {
  const char *name; // "avx512", "avx2", "baseline"
  int lanes;        // floats in a vector
  int panel;        // columns in a panel of B

  // Product.h
  void (*product)(const struct kernel_product *p);
  void (*product_ahead)(const struct kernel_product *p, struct kernel_ahead first, struct kernel_ahead second);

  // RowNormalization.h: mean and squares are the channels' mean and Σ (z - mean)²
  void (*row_moments)(ptrdiff_t rows, ptrdiff_t width, const float *z, float *mean, float *squares);
  void (*row_forward)(const struct kernel_row_normalization *n);
  void (*row_gradient_sums)(const struct kernel_row_normalization *n);
  void (*row_input_gradient)(const struct kernel_row_normalization *n);

  // RowNormalizationPooled.h
  void (*row_forward_pooled)(const struct kernel_row_normalization *n);
  void (*row_gradient_sums_pooled)(const struct kernel_row_normalization *n);
  void (*row_input_gradient_pooled)(const struct kernel_row_normalization *n);

  // Transpose.h
  void (*transpose)(ptrdiff_t rows, ptrdiff_t columns, const float *from, ptrdiff_t from_row, const float *end,
                    float *to, ptrdiff_t to_row);

  // WinogradTiles.h
  void (*tile_inputs)(const struct kernel_tiles *t, const float *image, float *frequencies);
  void (*tile_gradients)(const struct kernel_tiles *t, const float *image, float *frequencies);
  void (*tile_outputs)(const struct kernel_tiles *t, const float *frequencies, const float *bias, float *image);

  // WinogradWeights.h
  void (*weight_frequencies)(const struct kernel_weights *w, const float *taps, float *frequencies);
  void (*weight_taps)(const struct kernel_weights *w, const float *frequencies, float *taps);

  // PatchRows.h
  void (*patch_gather)(const struct kernel_patches *p, ptrdiff_t first, ptrdiff_t count, const float *images,
                       float *rows);
  void (*patch_add)(const struct kernel_patches *p, ptrdiff_t first, ptrdiff_t count, const float *rows, float *images);

  // RowPooling.h: winners are pixels of the image, -1 for a window of padding alone
  void (*row_maximum)(const struct kernel_row_pooling *g, const float *x, float *y, int32_t *winners);
  void (*row_maximum_backward)(const struct kernel_row_pooling *g, ptrdiff_t columns, const float *dy,
                               const int32_t *winners, float *dx);
  void (*row_average)(const struct kernel_row_pooling *g, const float *x, float *y);
  void (*row_average_backward)(const struct kernel_row_pooling *g, ptrdiff_t columns, const float *dy, float *dx);

  // RowSums.h
  void (*row_global_maximum)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t width, const float *x, float *y,
                             int32_t *winners);
  void (*row_sums)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t width, const float *x, float *y);
  void (*row_spread)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t width, const float *dy, float scale, int accumulates,
                     float *dx);

  // Layout.h
  void (*planes_to_rows)(const struct kernel_layout *l, const float *planes, float *rows);
  void (*rows_to_planes)(const struct kernel_layout *l, const float *rows, float *planes);

  // ProductMaximum.h
  void (*product_maximum)(const struct kernel_product_maximum *p);

  // SparseMaximum.h: the first says how many elements are not zero. The panels are whole groups of 64 columns, and
  // `index` may be NULL. It is worth while where no more than `sparse_share` of the elements are not zero (measured).
  ptrdiff_t (*sparse_rows)(ptrdiff_t rows, ptrdiff_t depth, const float *a, ptrdiff_t a_row,
                           const struct kernel_sparse *s);
  void (*sparse_maximum)(const struct kernel_product_maximum *p, const struct kernel_sparse *a);
  double sparse_share;

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

  // Ceiling.h: measures of the machine; n is a multiple of 8 * lanes.
  float (*ceiling_multiply_add)(ptrdiff_t rounds, float factor); // 24 * lanes operations a round
  float (*ceiling_read)(ptrdiff_t n, const float *x);
  void (*ceiling_triad)(ptrdiff_t n, const float *x, float factor, const float *y, float *z);
};

// The levels that this processor can run, the fastest first.
int kernel_level_count(void);
const struct kernel_level *kernel_level_at(int index);
