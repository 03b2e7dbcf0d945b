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

struct kernel_level {
  const char *name; // "avx512", "avx2", "baseline"
  int lanes;        // floats in a vector
  int panel;        // columns in a panel of B

  // Product.h
  void (*product)(const struct kernel_product *p);
  void (*product_ahead)(const struct kernel_product *p, struct kernel_ahead first, struct kernel_ahead second);

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
};

// The levels that this processor can run, the fastest first.
int kernel_level_count(void);
const struct kernel_level *kernel_level_at(int index);
