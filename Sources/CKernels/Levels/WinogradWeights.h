// Kernels to frequencies and back: taps [depth, taps, columns] of one panel of columns <-> frequencies
// [points x points, ..., depth, columns]. Vectors run along the columns, so that a kernel is transformed in registers.

static INLINE void weights_forward(const int points, const struct kernel_weights *w, const float *taps, float *out) {
  const int size = points - 3;
  for (ptrdiff_t depth = 0; depth < w->depth; depth++)
    for (ptrdiff_t column = 0; column < w->columns; column += LANES) {
      const float *source = taps + depth * size * size * w->taps_row + column;
      float *target = out + depth * w->frequencies_row + column;
      vec columns[8][5], in[5], result[8];
      UNROLL for (int j = 0; j < size; j++) {
        UNROLL for (int i = 0; i < size; i++) {
          int tap = i * size + j;
          in[i] = load(source + (w->rotated ? size * size - 1 - tap : tap) * w->taps_row);
        }
        winograd_weight(points, in, result);
        UNROLL for (int i = 0; i < points; i++) columns[i][j] = result[i];
      }
      UNROLL for (int i = 0; i < points; i++) {
        winograd_weight(points, columns[i], result);
        UNROLL for (int j = 0; j < points; j++) store(target + (i * points + j) * w->frequency, result[j]);
      }
    }
}

static INLINE void weights_backward(const int points, const struct kernel_weights *w, const float *in, float *taps) {
  const int size = points - 3;
  for (ptrdiff_t depth = 0; depth < w->depth; depth++)
    for (ptrdiff_t column = 0; column < w->columns; column += LANES) {
      const float *source = in + depth * w->frequencies_row + column;
      float *target = taps + depth * size * size * w->taps_row + column;
      vec columns[5][8], frequency[8], result[5];
      UNROLL for (int j = 0; j < points; j++) {
        UNROLL for (int i = 0; i < points; i++) {
          const float *parts = source + (i * points + j) * w->frequency;
          frequency[i] = load(parts);
          for (ptrdiff_t part = 1; part < w->parts; part++) frequency[i] += load(parts + part * w->part);
        }
        winograd_weight_gradient(points, frequency, result);
        UNROLL for (int i = 0; i < size; i++) columns[i][j] = result[i];
      }
      UNROLL for (int i = 0; i < size; i++) {
        winograd_weight_gradient(points, columns[i], result);
        UNROLL for (int j = 0; j < size; j++) store(target + (i * size + j) * w->taps_row, result[j]);
      }
    }
}

static void LEVEL(weight_frequencies)(const struct kernel_weights *w, const float *taps, float *frequencies) {
  if (w->points == 6) weights_forward(6, w, taps, frequencies);
  else weights_forward(8, w, taps, frequencies);
}

static void LEVEL(weight_taps)(const struct kernel_weights *w, const float *frequencies, float *taps) {
  if (w->points == 6) weights_backward(6, w, frequencies, taps);
  else weights_backward(8, w, frequencies, taps);
}
