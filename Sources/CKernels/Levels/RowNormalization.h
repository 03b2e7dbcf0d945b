// Normalisation of rows of channels with all that surrounds it: y = relu?(relu?(z a + b) + residual), and backwards.
// Each pass reads its inputs once and keeps nothing but sums: whether a relu was active is seen from z again, which is
// read anyway. Sums run over short runs of rows in registers, so that their error grows with the runs, not the rows.

enum { SUM_RUN = 32 };

// The smaller of two row numbers.
static INLINE ptrdiff_t earlier(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static INLINE void moments_strip(const int vectors, ptrdiff_t rows, ptrdiff_t width, const float *z, float *mean,
                                 float *squares) {
  vec total[STRIP], center[STRIP];
  UNROLL for (int v = 0; v < vectors; v++) total[v] = zero();
  for (ptrdiff_t first = 0; first < rows; first += SUM_RUN) {
    vec sum[STRIP];
    UNROLL for (int v = 0; v < vectors; v++) sum[v] = zero();
    for (ptrdiff_t row = first; row < earlier(first + SUM_RUN, rows); row++)
      UNROLL for (int v = 0; v < vectors; v++) sum[v] += load(z + row * width + v * LANES);
    UNROLL for (int v = 0; v < vectors; v++) total[v] += sum[v];
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    center[v] = total[v] / splat((float)rows);
    store(mean + v * LANES, center[v]);
    total[v] = zero();
  }
  for (ptrdiff_t first = 0; first < rows; first += SUM_RUN) {
    vec sum[STRIP];
    UNROLL for (int v = 0; v < vectors; v++) sum[v] = zero();
    for (ptrdiff_t row = first; row < earlier(first + SUM_RUN, rows); row++)
      UNROLL for (int v = 0; v < vectors; v++) {
        vec deviation = load(z + row * width + v * LANES) - center[v];
        sum[v] = fma(deviation, deviation, sum[v]);
      }
    UNROLL for (int v = 0; v < vectors; v++) total[v] += sum[v];
  }
  UNROLL for (int v = 0; v < vectors; v++) store(squares + v * LANES, total[v]);
}

// Two passes over rows that fit into the second-level cache, one over memory.
static void LEVEL(row_moments)(ptrdiff_t rows, ptrdiff_t width, const float *z, float *mean, float *squares) {
#define MOMENTS(vectors, column) moments_strip(vectors, rows, width, z + column, mean + column, squares + column)
  FOR_EACH_STRIP(width, MOMENTS);
#undef MOMENTS
}

static INLINE void forward_rows(const int has_relu, const int has_residual, const int has_last_relu,
                                const struct kernel_row_normalization *n) {
  for (ptrdiff_t row = 0; row < n->rows; row++) {
    ptrdiff_t first = row * n->width;
    for (ptrdiff_t c = 0; c < n->width; c += LANES) {
      vec y = fma(load(n->z + first + c), load(n->a + c), load(n->b + c));
      if (has_relu) y = relu(y);
      if (has_residual) y += load(n->residual + first + c);
      if (has_last_relu) y = relu(y);
      store(n->y + first + c, y);
    }
  }
}

static void LEVEL(row_forward)(const struct kernel_row_normalization *n) {
  switch ((n->relu ? 1 : 0) | (n->residual ? 2 : 0) | (n->relu_after_sum ? 4 : 0)) {
    case 0: return forward_rows(0, 0, 0, n);
    case 1: return forward_rows(1, 0, 0, n);
    case 2: return forward_rows(0, 1, 0, n);
    case 3: return forward_rows(1, 1, 0, n);
    case 6: return forward_rows(0, 1, 1, n);
    case 7: return forward_rows(1, 1, 1, n);
    default: return forward_rows(1, 0, 0, n); // one relu after the other is one
  }
}

static INLINE void gradient_sums_strip(const int vectors, const int has_relu, const int has_last_relu,
                                       const struct kernel_row_normalization *n, ptrdiff_t column) {
  vec a[STRIP], b[STRIP], mean[STRIP], sums[STRIP], products[STRIP];
  UNROLL for (int v = 0; v < vectors; v++) {
    if (has_relu) a[v] = load(n->a + column + v * LANES), b[v] = load(n->b + column + v * LANES);
    mean[v] = load(n->mean + column + v * LANES);
    sums[v] = products[v] = zero();
  }
  for (ptrdiff_t first = 0; first < n->rows; first += SUM_RUN) {
    vec sum[STRIP], product[STRIP];
    UNROLL for (int v = 0; v < vectors; v++) sum[v] = product[v] = zero();
    for (ptrdiff_t row = first; row < earlier(first + SUM_RUN, n->rows); row++)
      UNROLL for (int v = 0; v < vectors; v++) {
        ptrdiff_t at = row * n->width + column + v * LANES;
        vec z = load(n->z + at), g = load(n->dy + at);
        if (has_last_relu) {
          g = keep(load(n->y + at) > zero(), g);
          store(n->dy + at, g);
        }
        if (has_relu) g = keep(fma(z, a[v], b[v]) > zero(), g);
        sum[v] += g;
        product[v] = fma(g, z - mean[v], product[v]);
      }
    UNROLL for (int v = 0; v < vectors; v++) sums[v] += sum[v], products[v] += product[v];
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    store(n->sum + column + v * LANES, sums[v]);
    store(n->product + column + v * LANES, products[v]);
  }
}

static INLINE void gradient_sums_rows(const int has_relu, const int has_last_relu,
                                      const struct kernel_row_normalization *n) {
#define GRADIENT_SUMS(vectors, column) gradient_sums_strip(vectors, has_relu, has_last_relu, n, column)
  FOR_EACH_STRIP(n->width, GRADIENT_SUMS);
#undef GRADIENT_SUMS
}

static void LEVEL(row_gradient_sums)(const struct kernel_row_normalization *n) {
  if (n->relu_after_sum) {
    if (n->relu) gradient_sums_rows(1, 1, n);
    else gradient_sums_rows(0, 1, n);
  } else {
    if (n->relu) gradient_sums_rows(1, 0, n);
    else gradient_sums_rows(0, 0, n);
  }
}

static INLINE void input_gradient_rows(const int has_relu, const int accumulates,
                                       const struct kernel_row_normalization *n) {
  for (ptrdiff_t row = 0; row < n->rows; row++) {
    ptrdiff_t first = row * n->width;
    for (ptrdiff_t c = 0; c < n->width; c += LANES) {
      vec z = load(n->z + first + c), g = load(n->dy + first + c);
      if (has_relu) g = keep(fma(z, load(n->a + c), load(n->b + c)) > zero(), g);
      vec dz = fma(load(n->p + c), g, fma(load(n->q + c), z, load(n->r + c)));
      store(n->dz + first + c, accumulates ? load(n->dz + first + c) + dz : dz);
    }
  }
}

static void LEVEL(row_input_gradient)(const struct kernel_row_normalization *n) {
  if (n->accumulates) {
    if (n->relu) input_gradient_rows(1, 1, n);
    else input_gradient_rows(0, 1, n);
  } else {
    if (n->relu) input_gradient_rows(1, 0, n);
    else input_gradient_rows(0, 0, n);
  }
}
