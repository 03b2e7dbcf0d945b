// Between planes [channels, positions] and rows [positions, width] of one sample, in blocks of LANES x LANES that are
// transposed in registers: every cache line is read and written once, whole. Surplus channels of rows become zero. The
// last block of positions overlaps the one before it, so that only samples of less than LANES positions, and rows that
// are not padded, go float by float.

static void planes_to_rows_plain(const struct kernel_layout *l, const float *planes, float *rows) {
  for (ptrdiff_t position = l->first; position < l->first + l->count; position++)
    for (ptrdiff_t channel = 0; channel < l->width; channel++)
      rows[position * l->width + channel] = channel < l->channels ? planes[channel * l->positions + position] : 0;
}

static void rows_to_planes_plain(const struct kernel_layout *l, const float *rows, float *planes) {
  for (ptrdiff_t channel = 0; channel < l->channels; channel++)
    for (ptrdiff_t position = l->first; position < l->first + l->count; position++)
      planes[channel * l->positions + position] = rows[position * l->width + channel];
}

static void LEVEL(planes_to_rows)(const struct kernel_layout *l, const float *planes, float *rows) {
  if (l->count < LANES || l->width % LANES) return planes_to_rows_plain(l, planes, rows);
  ptrdiff_t last = l->first + l->count - LANES;
  for (ptrdiff_t position = l->first; position < l->first + l->count; position += LANES) {
    ptrdiff_t from = earlier(position, last);
    for (ptrdiff_t channel = 0; channel < l->width; channel += LANES) {
      vec block[LANES];
      UNROLL for (int i = 0; i < LANES; i++)
        block[i] = channel + i < l->channels ? load(planes + (channel + i) * l->positions + from) : zero();
      transpose_block(block);
      UNROLL for (int i = 0; i < LANES; i++) store(rows + (from + i) * l->width + channel, block[i]);
    }
  }
}

static void LEVEL(rows_to_planes)(const struct kernel_layout *l, const float *rows, float *planes) {
  if (l->count < LANES || l->width % LANES) return rows_to_planes_plain(l, rows, planes);
  ptrdiff_t last = l->first + l->count - LANES;
  for (ptrdiff_t channel = 0; channel < l->channels; channel += LANES)
    for (ptrdiff_t position = l->first; position < l->first + l->count; position += LANES) {
      ptrdiff_t from = earlier(position, last);
      vec block[LANES];
      UNROLL for (int i = 0; i < LANES; i++) block[i] = load(rows + (from + i) * l->width + channel);
      transpose_block(block);
      UNROLL for (int i = 0; i < LANES; i++)
        if (channel + i < l->channels) store(planes + (channel + i) * l->positions + from, block[i]);
    }
}
