// Transposition: to[columns, rows] = from[rows, columns], in blocks of LANES x LANES that stay in registers. A block is
// turned by exchanging its halves, quarters, eighths ... between rows that lie as far apart: one shuffle for a vector
// and a step, so a float costs a fraction of a cycle where a loop over single floats costs more than one.

// The lanes of the upper and of the lower row after an exchange of parts of `half` lanes.
#define TURN_UPPER(lane, half) ((lane) & (half) ? LANES + (lane) - (half) : (lane))
#define TURN_LOWER(lane, half) ((lane) & (half) ? LANES + (lane) : (lane) + (half))
#define TURN_LANES_4(turn, half, first) \
  turn(first, half), turn(first + 1, half), turn(first + 2, half), turn(first + 3, half)
#if LANES == 16
#define TURN_LANES(turn, half)                                                                     \
  TURN_LANES_4(turn, half, 0), TURN_LANES_4(turn, half, 4), TURN_LANES_4(turn, half, 8), TURN_LANES_4(turn, half, 12)
#elif LANES == 8
#define TURN_LANES(turn, half) TURN_LANES_4(turn, half, 0), TURN_LANES_4(turn, half, 4)
#else
#define TURN_LANES(turn, half) TURN_LANES_4(turn, half, 0)
#endif

#define TURN(half)                                                                              \
  UNROLL for (int row = 0; row < LANES; row++) if (!(row & (half))) {                           \
    vec upper = block[row], lower = block[row + (half)];                                        \
    block[row] = __builtin_shufflevector(upper, lower, TURN_LANES(TURN_UPPER, half));           \
    block[row + (half)] = __builtin_shufflevector(upper, lower, TURN_LANES(TURN_LOWER, half)); \
  }

static INLINE void transpose_block(vec block[LANES]) {
#if LANES == 16
  TURN(8)
#endif
#if LANES >= 8
  TURN(4)
#endif
  TURN(2)
  TURN(1)
}

// Whole vectors are read, up to `end`; nothing but the columns x rows floats is written.
static void LEVEL(transpose)(ptrdiff_t rows, ptrdiff_t columns, const float *from, ptrdiff_t from_row,
                             const float *end, float *to, ptrdiff_t to_row) {
  for (ptrdiff_t row = 0; row < rows; row += LANES)
    for (ptrdiff_t column = 0; column < columns; column += LANES) {
      const float *source = from + row * from_row + column;
      float *target = to + column * to_row + row;
      ptrdiff_t height = rows - row < LANES ? rows - row : LANES;
      ptrdiff_t width = columns - column < LANES ? columns - column : LANES;
      if (height < LANES || end - source < (LANES - 1) * from_row + LANES) {
        for (ptrdiff_t j = 0; j < width; j++)
          for (ptrdiff_t i = 0; i < height; i++) target[j * to_row + i] = source[i * from_row + j];
        continue;
      }
      vec block[LANES];
      UNROLL for (int i = 0; i < LANES; i++) block[i] = load(source + i * from_row);
      transpose_block(block);
      UNROLL for (int j = 0; j < LANES; j++) if (j < width) store(target + j * to_row, block[j]);
    }
}
