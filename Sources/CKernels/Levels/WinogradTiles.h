// Tiles of images [height, width, channels] to points x points frequencies and back, for Winograd convolutions. Tile
// (i, j) of an image covers the outputs from (4 i, 4 j). Each vector of channels goes through both dimensions with its
// tile in registers and the first-level cache; what lies outside of the image is read as zero and not written.

#define TILE_OUTPUTS 4

struct tile_place {
  ptrdiff_t offset;             // of the tile's first position, which may lie outside
  int top, bottom, left, right; // the positions of the tile that lie inside of the image
};

static INLINE int tile_clamp(ptrdiff_t x, int extent) { return x < 0 ? 0 : x > extent ? extent : (int)x; }

static INLINE struct tile_place tile_at(const struct kernel_tiles *t, ptrdiff_t index, int extent) {
  ptrdiff_t in_image = index % (t->rows * t->columns), image = index / (t->rows * t->columns);
  ptrdiff_t y = in_image / t->columns * TILE_OUTPUTS - t->padding;
  ptrdiff_t x = in_image % t->columns * TILE_OUTPUTS - t->padding;
  return (struct tile_place){((image * t->height + y) * t->width + x) * t->channels, tile_clamp(-y, extent),
                             tile_clamp(t->height - y, extent), tile_clamp(-x, extent),
                             tile_clamp(t->width - x, extent)};
}

// `extent` positions of one dimension to `points`: the inputs of a tile, or the gradients of its outputs.
static INLINE void tile_forward(const int points, const int extent, const vec *in, vec *out) {
  if (extent == points) winograd_input(points, in, out);
  else winograd_gradient(points, in, out);
}

static INLINE void tile_transform(const int points, const int extent, const int whole, const struct kernel_tiles *t,
                                  struct tile_place place, const float *image, float *out) {
  ptrdiff_t row = t->width * t->channels;
  for (ptrdiff_t channel = 0; channel < t->channels; channel += LANES) {
    const float *source = image + place.offset + channel;
    float *target = out + channel / PANEL * t->panel + channel % PANEL;
    vec columns[8][8], in[8], result[8];
    UNROLL for (int j = 0; j < extent; j++) {
      int column_inside = whole || (j >= place.left && j < place.right);
      UNROLL for (int i = 0; i < extent; i++) {
        int inside = whole || (column_inside && i >= place.top && i < place.bottom);
        in[i] = inside ? load(source + i * row + j * t->channels) : zero();
      }
      tile_forward(points, extent, in, result);
      UNROLL for (int i = 0; i < points; i++) columns[i][j] = result[i];
    }
    UNROLL for (int i = 0; i < points; i++) {
      tile_forward(points, extent, columns[i], result);
      UNROLL for (int j = 0; j < points; j++) store(target + (i * points + j) * t->frequency, result[j]);
    }
  }
}

static INLINE void tiles_forward(const int points, const int extent, const struct kernel_tiles *t, const float *image,
                                 float *out) {
  for (ptrdiff_t index = 0; index < t->count; index++, out += t->tile) {
    struct tile_place place = tile_at(t, t->first + index, extent);
    if (place.top == 0 && place.left == 0 && place.bottom == extent && place.right == extent)
      tile_transform(points, extent, 1, t, place, image, out);
    else
      tile_transform(points, extent, 0, t, place, image, out);
  }
}

static void LEVEL(tile_inputs)(const struct kernel_tiles *t, const float *image, float *frequencies) {
  if (t->points == 6) tiles_forward(6, 6, t, image, frequencies);
  else tiles_forward(8, 8, t, image, frequencies);
}

static void LEVEL(tile_gradients)(const struct kernel_tiles *t, const float *image, float *frequencies) {
  if (t->points == 6) tiles_forward(6, TILE_OUTPUTS, t, image, frequencies);
  else tiles_forward(8, TILE_OUTPUTS, t, image, frequencies);
}

static INLINE void tile_restore(const int points, const int whole, const struct kernel_tiles *t,
                                struct tile_place place, const float *in, const float *bias, float *image) {
  ptrdiff_t row = t->width * t->channels;
  for (ptrdiff_t channel = 0; channel < t->channels; channel += LANES) {
    const float *source = in + channel / PANEL * t->panel + channel % PANEL;
    float *target = image + place.offset + channel;
    vec columns[TILE_OUTPUTS][8], frequency[8], result[TILE_OUTPUTS], shift = bias ? load(bias + channel) : zero();
    vec least = splat(t->rectified ? 0 : -__builtin_inff());
    UNROLL for (int j = 0; j < points; j++) {
      UNROLL for (int i = 0; i < points; i++) frequency[i] = load(source + (i * points + j) * t->frequency);
      winograd_output(points, frequency, result);
      UNROLL for (int i = 0; i < TILE_OUTPUTS; i++) columns[i][j] = result[i];
    }
    UNROLL for (int i = 0; i < TILE_OUTPUTS; i++) {
      winograd_output(points, columns[i], result);
      UNROLL for (int j = 0; j < TILE_OUTPUTS; j++)
        if (whole || (i < place.bottom && j < place.right))
          store(target + i * row + j * t->channels, pick(result[j] + shift < least, least, result[j] + shift));
    }
  }
}

static INLINE void tiles_backward(const int points, const struct kernel_tiles *t, const float *in, const float *bias,
                                  float *image) {
  for (ptrdiff_t index = 0; index < t->count; index++, in += t->tile) {
    struct tile_place place = tile_at(t, t->first + index, TILE_OUTPUTS);
    if (place.bottom == TILE_OUTPUTS && place.right == TILE_OUTPUTS)
      tile_restore(points, 1, t, place, in, bias, image);
    else
      tile_restore(points, 0, t, place, in, bias, image);
  }
}

static void LEVEL(tile_outputs)(const struct kernel_tiles *t, const float *frequencies, const float *bias,
                                float *image) {
  if (t->points == 6) tiles_backward(6, t, frequencies, bias, image);
  else tiles_backward(8, t, frequencies, bias, image);
}
