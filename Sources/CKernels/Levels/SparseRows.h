// Products with a matrix that has one number a column, at `index`: as a scatter of rows into those named, and as a
// gather of the rows named. Rows are a multiple of 16 wide; sums run in the order of k.

static INLINE void add_row(ptrdiff_t width, float scale, const float *x, float *y) {
  for (ptrdiff_t column = 0; column < width; column += 16)
    UNROLL for (int lane = 0; lane < 16; lane += LANES)
      store(y + column + lane, fma(splat(scale), load(x + column + lane), load(y + column + lane)));
}

static void LEVEL(scatter_rows)(ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *scale,
                                const float *x, int32_t first, int32_t end, float *y) {
  for (ptrdiff_t k = 0; k < count; k++)
    if (index[k] >= first && index[k] < end) add_row(width, scale[k], x + k * width, y + (index[k] - first) * width);
}

static void LEVEL(gather_rows)(ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *scale,
                               const float *x, float *y) {
  for (ptrdiff_t k = 0; k < count; k++) add_row(width, scale[k], x + index[k] * width, y + k * width);
}
