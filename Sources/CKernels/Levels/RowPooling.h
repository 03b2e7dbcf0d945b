// Pooling of rows of channels over square windows of pixels. A vector holds neighbouring channels, which share the
// window, so that every comparison and sum is a whole vector and no pixel is gathered. Backward passes clear the
// gradient of an image and add to it, window after window, in order.

// The part of a window that lies inside of the image.
struct window_part {
  ptrdiff_t top, bottom, left, right;
};

static INLINE struct window_part window_part_at(const struct kernel_row_pooling *g, ptrdiff_t y, ptrdiff_t x) {
  ptrdiff_t top = y * g->stride - g->padding, left = x * g->stride - g->padding;
  return (struct window_part){
    .top = top < 0 ? 0 : top, .bottom = earlier(top + g->kernel, g->height),
    .left = left < 0 ? 0 : left, .right = earlier(left + g->kernel, g->columns),
  };
}

#define FOR_EACH_PIXEL(part, columns)                          \
  for (ptrdiff_t row = (part).top; row < (part).bottom; row++) \
    for (ptrdiff_t pixel = row * (columns) + (part).left; pixel < row * (columns) + (part).right; pixel++)

static INLINE mask load_winners(const int32_t *x) { return (mask)load((const float *)x); }
static INLINE void store_winners(int32_t *y, mask v) { store((float *)y, (vec)v); }
static INLINE mask number(ptrdiff_t n) { return (int32_t)n - (mask){0}; }
static INLINE mask pick_winner(mask wins, mask yes, mask no) { return (yes & wins) | (no & ~wins); }

// `outputs` rows of y from `first_output` on, of images one after the other; a NaN wins.
static void LEVEL(row_maximum)(const struct kernel_row_pooling *g, const float *x, float *y, int32_t *winners) {
  for (ptrdiff_t output = g->first_output; output < g->first_output + g->outputs; output++) {
    ptrdiff_t per_image = g->output_height * g->output_columns, image = output / per_image;
    struct window_part part = window_part_at(g, output % per_image / g->output_columns, output % g->output_columns);
    const float *plane = x + image * g->height * g->columns * g->width;
    int empty = part.top >= part.bottom || part.left >= part.right;
    ptrdiff_t first = empty ? -1 : part.top * g->columns + part.left; // wins where nothing is above -infinity
    for (ptrdiff_t c = 0; c < g->width; c += LANES) {
      vec best = splat(-__builtin_inff());
      mask winner = number(first);
      for (ptrdiff_t row = part.top; row < part.bottom; row++) {
        mask here = number(row * g->columns + part.left);
        const float *from = plane + (row * g->columns + part.left) * g->width + c;
        for (ptrdiff_t column = part.left; column < part.right; column++) {
          vec value = load(from);
          mask wins = (value > best) | (value != value);
          best = pick(wins, value, best);
          winner = pick_winner(wins, here, winner);
          here += number(1);
          from += g->width;
        }
      }
      store(y + output * g->width + c, best);
      store_winners(winners + output * g->width + c, winner);
    }
  }
}

static void LEVEL(row_average)(const struct kernel_row_pooling *g, const float *x, float *y) {
  vec share = splat(1 / ((float)g->kernel * (float)g->kernel));
  for (ptrdiff_t output = g->first_output; output < g->first_output + g->outputs; output++) {
    ptrdiff_t per_image = g->output_height * g->output_columns, image = output / per_image;
    struct window_part part = window_part_at(g, output % per_image / g->output_columns, output % g->output_columns);
    const float *plane = x + image * g->height * g->columns * g->width;
    for (ptrdiff_t c = 0; c < g->width; c += LANES) {
      vec sum = zero();
      FOR_EACH_PIXEL(part, g->columns) sum += load(plane + pixel * g->width + c);
      store(y + output * g->width + c, sum * share);
    }
  }
}

static INLINE void clear_columns(const struct kernel_row_pooling *g, ptrdiff_t columns, float *dx) {
  for (ptrdiff_t pixel = 0; pixel < g->height * g->columns; pixel++)
    for (ptrdiff_t c = 0; c < columns; c += LANES) store(dx + pixel * g->width + c, zero());
}

// One image, and of its channels `columns` from where the pointers point to.
static void LEVEL(row_maximum_backward)(const struct kernel_row_pooling *g, ptrdiff_t columns, const float *dy,
                                        const int32_t *winners, float *dx) {
  if (!g->accumulates) clear_columns(g, columns, dx);
  for (ptrdiff_t output = 0; output < g->output_height * g->output_columns; output++) {
    struct window_part part = window_part_at(g, output / g->output_columns, output % g->output_columns);
    for (ptrdiff_t c = 0; c < columns; c += LANES) {
      vec gradient = load(dy + output * g->width + c);
      mask winner = load_winners(winners + output * g->width + c);
      FOR_EACH_PIXEL(part, g->columns) {
        float *to = dx + pixel * g->width + c;
        store(to, load(to) + keep(winner == number(pixel), gradient));
      }
    }
  }
}

static void LEVEL(row_average_backward)(const struct kernel_row_pooling *g, ptrdiff_t columns, const float *dy,
                                        float *dx) {
  vec share = splat(1 / ((float)g->kernel * (float)g->kernel));
  if (!g->accumulates) clear_columns(g, columns, dx);
  for (ptrdiff_t output = 0; output < g->output_height * g->output_columns; output++) {
    struct window_part part = window_part_at(g, output / g->output_columns, output % g->output_columns);
    for (ptrdiff_t c = 0; c < columns; c += LANES) {
      vec gradient = load(dy + output * g->width + c) * share;
      FOR_EACH_PIXEL(part, g->columns) {
        float *to = dx + pixel * g->width + c;
        store(to, load(to) + gradient);
      }
    }
  }
}
