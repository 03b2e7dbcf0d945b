// The same maximum of a product as ProductMaximum.h where many elements of A are zero, as behind a ReLU: a row of A is
// cut down to what is not, and each such element multiplies one row of B, which lies in the nearest cache. A group of
// columns has as many accumulators as hide the latency of a multiplication.
//
// Rows are taken in the order of their lengths, and SPARSE_ROWS at a time are made equally long by a few zeros: a loop
// whose length changes at every row would end in a branch foretold wrongly, which costs a tenth. Elements lie in the
// order in which they are read.

#if LANES == 16
#define SPARSE_SETS 2 // two elements of A at a time, each with sums of its own
#define SPARSE_VECTORS 4
#else
#define SPARSE_SETS 1
#define SPARSE_VECTORS 8
#endif
#define SPARSE_PANELS (SPARSE_VECTORS / BLOCK_VECTORS)
#define SPARSE_ROWS 16

// How many elements of each row are not zero; a NaN is not.
static INLINE void sparse_counts(ptrdiff_t rows, ptrdiff_t depth, const float *a, ptrdiff_t a_row, int32_t *count) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    mask present = {0};
    for (ptrdiff_t k = 0; k < depth; k += LANES) present -= load(a + row * a_row + k) != zero();
    count[row] = 0;
    UNROLL for (int lane = 0; lane < LANES; lane++) count[row] += present[lane];
  }
}

// The rows' numbers, those with few elements first; `start` has room for depth + 2.
static INLINE void sparse_order(ptrdiff_t rows, ptrdiff_t depth, const int32_t *count, int32_t *start, int32_t *order) {
  for (ptrdiff_t length = 0; length < depth + 2; length++) start[length] = 0;
  for (ptrdiff_t row = 0; row < rows; row++) start[count[row] + 1]++;
  for (ptrdiff_t length = 0; length < depth; length++) start[length + 1] += start[length];
  for (ptrdiff_t row = 0; row < rows; row++) order[start[count[row]]++] = (int32_t)row;
}

// The elements of a row that are not zero, and zeros as far as `length`; up to 16 more are written.
static INLINE void sparse_row(ptrdiff_t depth, const float *a, int32_t length, struct kernel_nonzero *element) {
  int32_t count = 0;
#if LANES == 16
  const mask low = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23}, high = low + 8;
  mask offset = (mask){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} * PANEL;
  for (ptrdiff_t k = 0; k < depth; k += LANES, offset += LANES * PANEL) {
    __mmask16 present = _mm512_cmp_ps_mask(load(a + k), zero(), _CMP_NEQ_UQ);
    __m512i values = (__m512i)_mm512_maskz_compress_ps(present, load(a + k));
    __m512i offsets = _mm512_maskz_compress_epi32(present, (__m512i)offset);
    _mm512_storeu_si512(element + count, _mm512_permutex2var_epi32(values, (__m512i)low, offsets));
    _mm512_storeu_si512(element + count + 8, _mm512_permutex2var_epi32(values, (__m512i)high, offsets));
    count += __builtin_popcount(present);
  }
#else
  for (ptrdiff_t k = 0; k < depth; k++) { // without a branch, which could not be foretold
    element[count] = (struct kernel_nonzero){a[k], (int32_t)(k * PANEL)};
    count += a[k] != 0;
  }
#endif
  for (; count < length; count++) element[count] = (struct kernel_nonzero){0};
}

static ptrdiff_t LEVEL(sparse_rows)(ptrdiff_t rows, ptrdiff_t depth, const float *a, ptrdiff_t a_row,
                                    const struct kernel_sparse *s) {
  ptrdiff_t total = 0;
  sparse_counts(rows, depth, a, a_row, s->count);
  for (ptrdiff_t row = 0; row < rows; row++) total += s->count[row];
  sparse_order(rows, depth, s->count, s->start, s->order);
  struct kernel_nonzero *element = s->elements;
  for (ptrdiff_t first = 0; first < rows; first += SPARSE_ROWS) {
    ptrdiff_t end = first + SPARSE_ROWS < rows ? first + SPARSE_ROWS : rows;
    int32_t length = (s->count[s->order[end - 1]] + SPARSE_SETS - 1) / SPARSE_SETS * SPARSE_SETS;
    for (ptrdiff_t position = first; position < end; position++, element += length) {
      ptrdiff_t row = s->order[position];
      sparse_row(depth, a + row * a_row, length, element);
      s->count[row] = length;
    }
  }
  return total;
}

static INLINE void sparse_product(ptrdiff_t count, const struct kernel_nonzero *a, const float *b, ptrdiff_t b_panel,
                                  float *sums) {
  vec sum[SPARSE_SETS][SPARSE_VECTORS];
  UNROLL for (int s = 0; s < SPARSE_SETS; s++)
    UNROLL for (int v = 0; v < SPARSE_VECTORS; v++) sum[s][v] = zero();
  for (ptrdiff_t k = 0; k < count; k += SPARSE_SETS)
    UNROLL for (int s = 0; s < SPARSE_SETS; s++) {
#if LANES == 16
      // One load for both: with vectors this wide a core loads no more than two things at a time.
      uint64_t both = *(const uint64_t *)(a + k + s);
      __asm__("" : "+r"(both));
      vec left = (vec)((int32_t)both - (mask){0});
      const float *right = b + (both >> 32);
#else
      vec left = splat(a[k + s].value);
      const float *right = b + a[k + s].offset;
#endif
      UNROLL for (int v = 0; v < SPARSE_VECTORS; v++)
        sum[s][v] = fma(left, load(right + v / BLOCK_VECTORS * b_panel + v % BLOCK_VECTORS * LANES), sum[s][v]);
    }
  UNROLL for (int v = 0; v < SPARSE_VECTORS; v++) {
    vec total = sum[0][v];
    UNROLL for (int s = 1; s < SPARSE_SETS; s++) total += sum[s][v];
    store(sums + v / BLOCK_VECTORS * (SPARSE_ROWS * PANEL) + v % BLOCK_VECTORS * LANES, total);
  }
}

// As `compare`, for rows that come in any order: of equals the smallest row counts.
static __attribute__((noinline)) void LEVEL(compare_any)(ptrdiff_t rows, const float *sums, const int32_t *order,
                                                         float *maximum, int32_t *index) {
  vec best[BLOCK_VECTORS];
  mask place[BLOCK_VECTORS];
  UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
    best[v] = load(maximum + v * LANES);
    place[v] = *(const unaligned_mask *)(index + v * LANES);
  }
  for (ptrdiff_t row = 0; row < rows; row++) {
    mask here = order[row] - (mask){0};
    UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
      vec candidate = load(sums + row * PANEL + v * LANES);
      mask wins = ~(candidate <= best[v]) & (best[v] == best[v]);
      mask same = (candidate == best[v]) | ((candidate != candidate) & (best[v] != best[v]));
      wins |= same & (here < place[v]);
      best[v] = choose(wins, candidate, best[v]);
      place[v] = choose_index(wins, here, place[v]);
    }
  }
  UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
    store(maximum + v * LANES, best[v]);
    *(unaligned_mask *)(index + v * LANES) = place[v];
  }
}

// The maximum alone; a NaN wins.
static __attribute__((noinline)) void LEVEL(raise)(ptrdiff_t rows, const float *sums, float *maximum) {
  vec best[BLOCK_VECTORS];
  mask missing[BLOCK_VECTORS];
  UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
    best[v] = load(maximum + v * LANES);
    missing[v] = best[v] != best[v];
  }
  for (ptrdiff_t row = 0; row < rows; row++)
    UNROLL for (int v = 0; v < BLOCK_VECTORS; v++) {
      vec candidate = load(sums + row * PANEL + v * LANES);
      best[v] = pick(candidate > best[v], candidate, best[v]);
      missing[v] |= candidate != candidate;
    }
  UNROLL for (int v = 0; v < BLOCK_VECTORS; v++)
    store(maximum + v * LANES, choose(missing[v], splat(__builtin_nanf("")), best[v]));
}

// `p` as for the product of whole rows, but it may do without `index`; its panels are a multiple of SPARSE_PANELS.
static void LEVEL(sparse_maximum)(const struct kernel_product_maximum *p, const struct kernel_sparse *a) {
  float sums[SPARSE_PANELS * SPARSE_ROWS * PANEL] __attribute__((aligned(64)));
  ptrdiff_t b_panel = p->depth * PANEL;
  start_maximum(p);
  for (ptrdiff_t panel = 0; panel < p->panels; panel += SPARSE_PANELS) {
    const struct kernel_nonzero *element = a->elements;
    for (ptrdiff_t first = 0; first < p->m; first += SPARSE_ROWS) {
      ptrdiff_t rows = p->m - first < SPARSE_ROWS ? p->m - first : SPARSE_ROWS;
      const int32_t *order = a->order + first;
      ptrdiff_t length = a->count[order[0]];
      for (ptrdiff_t position = 0; position < rows; position++, element += length)
        sparse_product(length, element, p->b + panel * b_panel, b_panel, sums + position * PANEL);
      for (int part = 0; part < SPARSE_PANELS; part++) {
        const float *own = sums + part * (SPARSE_ROWS * PANEL);
        ptrdiff_t column = (panel + part) * PANEL;
        if (p->index) LEVEL(compare_any)(rows, own, order, p->maximum + column, p->index + column);
        else LEVEL(raise)(rows, own, p->maximum + column);
      }
    }
  }
}
