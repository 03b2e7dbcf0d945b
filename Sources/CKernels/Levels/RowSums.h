// Sums and maxima over all rows of a sample, and the gradient of sums, for `columns` channels from where the pointers
// point to: the results of a strip of channels stay in registers while the rows go by.

// The largest element of each channel over `rows` rows and its row, the first among equals; the first NaN wins.
static INLINE void global_maximum_strip(const int vectors, ptrdiff_t rows, ptrdiff_t width, const float *x, float *y,
                                        int32_t *winners) {
  vec best[STRIP];
  mask winner[STRIP];
  UNROLL for (int v = 0; v < vectors; v++) best[v] = load(x + v * LANES), winner[v] = number(0);
  for (ptrdiff_t row = 1; row < rows; row++)
    UNROLL for (int v = 0; v < vectors; v++) {
      vec value = load(x + row * width + v * LANES);
      mask wins = ~(value <= best[v]) & (best[v] == best[v]);
      best[v] = pick(wins, value, best[v]);
      winner[v] = pick_winner(wins, number(row), winner[v]);
    }
  UNROLL for (int v = 0; v < vectors; v++) {
    store(y + v * LANES, best[v]);
    store_winners(winners + v * LANES, winner[v]);
  }
}

static void LEVEL(row_global_maximum)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t width, const float *x, float *y,
                                      int32_t *winners) {
#define GLOBAL_MAXIMUM(vectors, column) \
  global_maximum_strip(vectors, rows, width, x + column, y + column, winners + column)
  FOR_EACH_STRIP(columns, GLOBAL_MAXIMUM);
#undef GLOBAL_MAXIMUM
}

// The sum of each channel over `rows` rows.
static INLINE void sums_strip(const int vectors, ptrdiff_t rows, ptrdiff_t width, const float *x, float *y) {
  vec total[STRIP];
  UNROLL for (int v = 0; v < vectors; v++) total[v] = zero();
  for (ptrdiff_t first = 0; first < rows; first += SUM_RUN) {
    vec sum[STRIP];
    UNROLL for (int v = 0; v < vectors; v++) sum[v] = zero();
    for (ptrdiff_t row = first; row < earlier(first + SUM_RUN, rows); row++)
      UNROLL for (int v = 0; v < vectors; v++) sum[v] += load(x + row * width + v * LANES);
    UNROLL for (int v = 0; v < vectors; v++) total[v] += sum[v];
  }
  UNROLL for (int v = 0; v < vectors; v++) store(y + v * LANES, total[v]);
}

static void LEVEL(row_sums)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t width, const float *x, float *y) {
#define SUMS(vectors, column) sums_strip(vectors, rows, width, x + column, y + column)
  FOR_EACH_STRIP(columns, SUMS);
#undef SUMS
}

// dx = dy * scale in each of `rows` rows, dy being one row.
static void LEVEL(row_spread)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t width, const float *dy, float scale,
                              int accumulates, float *dx) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t c = 0; c < columns; c += LANES) {
      float *to = dx + row * width + c;
      vec gradient = load(dy + c) * splat(scale);
      store(to, accumulates ? load(to) + gradient : gradient);
    }
}
