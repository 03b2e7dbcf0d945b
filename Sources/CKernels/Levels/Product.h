// Matrix product: a block of BLOCK_ROWS x (BLOCK_VECTORS vectors) of C stays in registers while the depth runs; each
// step loads one row of a panel of B and multiplies it by one broadcast element of A a row. With 28 accumulators
// (AVX-512) every load of B serves seven multiplications, so the multipliers never wait: this is the peak of a core.

// What is fetched at a step of the depth, and how far apart in bytes.
struct product_ahead {
  const char *first, *second;
  ptrdiff_t first_step, second_step;
};

static INLINE struct product_ahead product_ahead_by(struct product_ahead ahead, ptrdiff_t steps) {
  ahead.first += steps * ahead.first_step;
  ahead.second += steps * ahead.second_step;
  return ahead;
}

static INLINE void product_block(const int rows, const int vectors, const int accumulates, const int fetches,
                                 ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_depth, const float *b,
                                 ptrdiff_t b_depth, float *c, ptrdiff_t c_row, struct product_ahead ahead) {
  vec sum[BLOCK_ROWS][BLOCK_VECTORS];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++) sum[r][v] = accumulates ? load(c + r * c_row + v * LANES) : zero();
  for (ptrdiff_t k = 0; k < depth; k++) {
    vec right[BLOCK_VECTORS];
    if (fetches) {
      __builtin_prefetch(ahead.first, 0, 2);
      __builtin_prefetch(ahead.second, 0, 2);
      ahead.first += ahead.first_step;
      ahead.second += ahead.second_step;
    }
    UNROLL for (int v = 0; v < vectors; v++) right[v] = load(b + v * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      vec left = splat(a[r * a_row]);
      UNROLL for (int v = 0; v < vectors; v++) sum[r][v] = fma(left, right[v], sum[r][v]);
    }
    a += a_depth;
    b += b_depth;
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++) store(c + r * c_row + v * LANES, sum[r][v]);
}

// One function for each height of a block, so that the compiler knows it.
#define PRODUCT_ROWS(rows)                                                                                    \
  case rows:                                                                                                  \
    product_block(rows, vectors, accumulates, 1, p->depth, a, p->a_row, p->a_depth, b, p->b_depth, c, p->c_row, \
                  ahead);                                                                                     \
    break;

static INLINE void product_panel(const int vectors, const int accumulates, const struct kernel_product *p,
                                 const float *b, float *c, struct product_ahead ahead) {
  ptrdiff_t blocks = (p->m + BLOCK_ROWS - 1) / BLOCK_ROWS, first = 0;
  const float *a = p->a;
  for (ptrdiff_t block = 1; block <= blocks; block++) {
    ptrdiff_t end = block * p->m / blocks, rows = end - first; // blocks of nearly one height
    switch (rows) {
      PRODUCT_ROWS(1) PRODUCT_ROWS(2) PRODUCT_ROWS(3) PRODUCT_ROWS(4) PRODUCT_ROWS(5) PRODUCT_ROWS(6)
#if BLOCK_ROWS >= 7
      PRODUCT_ROWS(7)
#endif
    }
    ahead = product_ahead_by(ahead, p->depth);
    a += rows * p->a_row;
    c += rows * p->c_row;
    first = end;
  }
}

// The product, while memory that is needed next is fetched into the second-level cache, a line or two at each step of
// the depth: the load ports have time for it, and whoever waits for the third-level cache or beyond does not multiply.
static void LEVEL(product_ahead)(const struct kernel_product *p, struct kernel_ahead first,
                                 struct kernel_ahead second) {
  ptrdiff_t blocks = (p->m + BLOCK_ROWS - 1) / BLOCK_ROWS, panels = (p->n + PANEL - 1) / PANEL;
  ptrdiff_t steps = blocks * panels * p->depth;
  if (steps == 0) steps = 1;
  struct product_ahead ahead = {(const char *)first.start, (const char *)second.start,
                                (first.count * 4 + steps - 1) / steps, (second.count * 4 + steps - 1) / steps};
  for (ptrdiff_t column = 0; column < p->n; column += PANEL) {
    const float *b = p->b + column / PANEL * p->b_panel;
    float *c = p->c + column;
    ptrdiff_t vectors = (p->n - column) / LANES;
#define PRODUCT_VECTORS(count)                                           \
  if (vectors == count) {                                                \
    if (p->accumulates) product_panel(count, 1, p, b, c, ahead); \
    else product_panel(count, 0, p, b, c, ahead);                \
  }
    if (vectors > BLOCK_VECTORS) vectors = BLOCK_VECTORS;
    PRODUCT_VECTORS(BLOCK_VECTORS)
#if BLOCK_VECTORS == 4
    PRODUCT_VECTORS(1)
    PRODUCT_VECTORS(2)
    PRODUCT_VECTORS(3)
#endif
#undef PRODUCT_VECTORS
    ahead = product_ahead_by(ahead, blocks * p->depth);
  }
}

static void LEVEL(product)(const struct kernel_product *p) {
  struct kernel_ahead nothing = {p->b, 0};
  LEVEL(product_ahead)(p, nothing, nothing);
}
