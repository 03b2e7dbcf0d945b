// The maximum of a matrix product down its columns, and the row that it is in: a block of Product.h goes into a buffer
// of a few KiB and is compared there with the maxima so far, so that the product never leaves the nearest cache.
// Comparing takes five instructions a vector of sums, behind `depth` multiplications that made it.

// Apart from the product, lest the compiler holds its constants in registers that the sums need.
static __attribute__((noinline)) void LEVEL(compare)(ptrdiff_t rows, const float *sums, ptrdiff_t first, float *maximum,
                                                     int32_t *index) {
  vec best[BLOCK_VECTORS];
  mask place[BLOCK_VECTORS];
  UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
    best[v] = load(maximum + v * LANES);
    place[v] = *(const unaligned_mask *)(index + v * LANES);
  }
  for (ptrdiff_t row = 0; row < rows; row++) {
    mask here = (int32_t)(first + row) - (mask){0};
    UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
      vec candidate = load(sums + row * PANEL + v * LANES);
      // A NaN is not below anything, and nothing takes the place of a NaN.
      mask wins = ~(candidate <= best[v]) & (best[v] == best[v]);
      best[v] = choose(wins, candidate, best[v]);
      place[v] = choose_index(wins, here, place[v]);
    }
  }
  UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
    store(maximum + v * LANES, best[v]);
    *(unaligned_mask *)(index + v * LANES) = place[v];
  }
}

#define MAXIMUM_ROWS(rows)                                                                          \
  case rows:                                                                                        \
    product_block(rows, BLOCK_VECTORS, 0, 0, p->depth, a, p->a_row, 1, b, PANEL, sums, PANEL, none); \
    break;

static INLINE void start_maximum(const struct kernel_product_maximum *p) {
  for (ptrdiff_t column = 0; column < p->panels * PANEL; column++) {
    p->maximum[column] = -__builtin_inff();
    if (p->index) p->index[column] = 0;
  }
}

static void LEVEL(product_maximum)(const struct kernel_product_maximum *p) {
  float sums[BLOCK_ROWS * PANEL] __attribute__((aligned(64)));
  struct product_ahead none = {0}; // all of it is in the caches
  ptrdiff_t blocks = (p->m + BLOCK_ROWS - 1) / BLOCK_ROWS;
  start_maximum(p);
  for (ptrdiff_t panel = 0; panel < p->panels; panel++) {
    const float *a = p->a, *b = p->b + panel * p->depth * PANEL;
    float *maximum = p->maximum + panel * PANEL;
    int32_t *index = p->index + panel * PANEL;
    for (ptrdiff_t block = 1, first = 0; block <= blocks; block++) {
      ptrdiff_t end = block * p->m / blocks, rows = end - first; // blocks of nearly one height
      switch (rows) {
        MAXIMUM_ROWS(1) MAXIMUM_ROWS(2) MAXIMUM_ROWS(3) MAXIMUM_ROWS(4) MAXIMUM_ROWS(5) MAXIMUM_ROWS(6)
#if BLOCK_ROWS >= 7
        MAXIMUM_ROWS(7)
#endif
      }
      LEVEL(compare)(rows, sums, first, maximum, index);
      a += rows * p->a_row;
      first = end;
    }
  }
}
