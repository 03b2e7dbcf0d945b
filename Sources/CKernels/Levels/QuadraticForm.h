// y[row] = x[row] S x[row]ᵀ in float64, for x [rows, width] and S [width, width]. A block of rows by two vectors of
// x S stays in registers, is multiplied by x and summed up, so that x S is never written.

static INLINE void quadratic_block(const int rows, ptrdiff_t width, const double *x, const double *s, double *y) {
  const int lanes = LANES / 2;
  wide total[BLOCK_ROWS];
  UNROLL for (int r = 0; r < rows; r++) total[r] = (wide){0};
  for (ptrdiff_t column = 0; column < width; column += 2 * lanes) {
    wide sum[BLOCK_ROWS][2];
    UNROLL for (int r = 0; r < rows; r++) sum[r][0] = sum[r][1] = (wide){0};
    for (ptrdiff_t k = 0; k < width; k++) {
      wide left = *(const unaligned_wide *)(s + k * width + column);
      wide right = *(const unaligned_wide *)(s + k * width + column + lanes);
      UNROLL for (int r = 0; r < rows; r++) {
        sum[r][0] += x[r * width + k] * left;
        sum[r][1] += x[r * width + k] * right;
      }
    }
    UNROLL for (int r = 0; r < rows; r++)
      total[r] += sum[r][0] * *(const unaligned_wide *)(x + r * width + column) +
                  sum[r][1] * *(const unaligned_wide *)(x + r * width + column + lanes);
  }
  UNROLL for (int r = 0; r < rows; r++) {
    y[r] = 0;
    for (int lane = 0; lane < lanes; lane++) y[r] += total[r][lane];
  }
}

static void LEVEL(quadratic_form)(ptrdiff_t rows, ptrdiff_t width, const double *x, const double *s, double *y) {
  ptrdiff_t row = 0;
  for (; row + BLOCK_ROWS <= rows; row += BLOCK_ROWS) quadratic_block(BLOCK_ROWS, width, x + row * width, s, y + row);
  for (; row < rows; row++) quadratic_block(1, width, x + row * width, s, y + row);
}
