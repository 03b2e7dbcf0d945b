// x [rows, width] less its mean, laid out for a product of the result with itself: strips of 64 columns, in each of
// which the rows follow one another. So a strip of some hundred rows fills the cache without gaps, as either operand.

static void LEVEL(deviations)(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *mean, float *y) {
  const ptrdiff_t strip = 64;
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t column = 0; column < width; column += 16) {
      const float *from = x + row * width + column;
      float *to = y + column / strip * strip * rows + row * strip + column % strip;
      UNROLL for (int lane = 0; lane < 16; lane += LANES)
        store(to + lane, load(from + lane) - load(mean + column + lane));
    }
}
