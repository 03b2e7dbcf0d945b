// The same normalisation where max pooling over windows of 2 x 2 pixels follows, y = maxpool(relu?(z a + b)), without
// the activation in between: four products and three maxima a window. Backwards the winner of a window is found again
// from z: the first of the largest in row-major order, or a NaN. A row or column that no window reaches has g = 0.

// A window: where its four pixels lie in z, and its pixel of y.
struct window {
  ptrdiff_t pixel[4], output;
};

static INLINE struct window window_at(const struct kernel_row_normalization *n, ptrdiff_t line, ptrdiff_t x) {
  ptrdiff_t outputs = n->columns / 2, image = line / (n->height / 2), y = line % (n->height / 2);
  ptrdiff_t first = ((image * n->height + 2 * y) * n->columns + 2 * x) * n->width, below = n->columns * n->width;
  return (struct window){
    .pixel = {first, first + n->width, first + below, first + below + n->width},
    .output = (line * outputs + x) * n->width,
  };
}

// The largest of the four values, and where `others` are given, their element at the same place.
static INLINE vec largest(const vec values[4], const vec others[4], vec *other) {
  vec best = values[0], chosen = others ? others[0] : best;
  UNROLL for (int k = 1; k < 4; k++) {
    mask wins = (values[k] > best) | (values[k] != values[k]);
    best = pick(wins, values[k], best);
    if (others) chosen = pick(wins, others[k], chosen);
  }
  if (other) *other = chosen;
  return best;
}

static INLINE void forward_windows(const int has_relu, const struct kernel_row_normalization *n) {
  for (ptrdiff_t line = n->first_line; line < n->first_line + n->lines; line++)
    for (ptrdiff_t x = 0; x < n->columns / 2; x++) {
      struct window w = window_at(n, line, x);
      for (ptrdiff_t c = 0; c < n->width; c += LANES) {
        vec a = load(n->a + c), b = load(n->b + c), values[4];
        UNROLL for (int k = 0; k < 4; k++) values[k] = fma(load(n->z + w.pixel[k] + c), a, b);
        vec y = largest(values, 0, 0);
        store(n->y + w.output + c, has_relu ? relu(y) : y);
      }
    }
}

static void LEVEL(row_forward_pooled)(const struct kernel_row_normalization *n) {
  if (n->relu) forward_windows(1, n);
  else forward_windows(0, n);
}

static INLINE void gradient_sums_windows(const int vectors, const int has_relu,
                                         const struct kernel_row_normalization *n, ptrdiff_t column) {
  vec a[STRIP], b[STRIP], mean[STRIP], sums[STRIP], products[STRIP];
  UNROLL for (int v = 0; v < vectors; v++) {
    a[v] = load(n->a + column + v * LANES), b[v] = load(n->b + column + v * LANES);
    mean[v] = load(n->mean + column + v * LANES);
    sums[v] = products[v] = zero();
  }
  for (ptrdiff_t line = n->first_line; line < n->first_line + n->lines; line++) {
    vec sum[STRIP], product[STRIP];
    UNROLL for (int v = 0; v < vectors; v++) sum[v] = product[v] = zero();
    for (ptrdiff_t x = 0; x < n->columns / 2; x++) {
      struct window w = window_at(n, line, x);
      UNROLL for (int v = 0; v < vectors; v++) {
        ptrdiff_t c = column + v * LANES;
        vec z[4], values[4], winner, g = load(n->dy + w.output + c);
        UNROLL for (int k = 0; k < 4; k++) z[k] = load(n->z + w.pixel[k] + c), values[k] = fma(z[k], a[v], b[v]);
        vec best = largest(values, z, &winner);
        if (has_relu) g = keep(best > zero(), g);
        sum[v] += g;
        product[v] = fma(g, winner - mean[v], product[v]);
      }
    }
    UNROLL for (int v = 0; v < vectors; v++) sums[v] += sum[v], products[v] += product[v];
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    store(n->sum + column + v * LANES, sums[v]);
    store(n->product + column + v * LANES, products[v]);
  }
}

static void LEVEL(row_gradient_sums_pooled)(const struct kernel_row_normalization *n) {
#define WITH_RELU(vectors, column) gradient_sums_windows(vectors, 1, n, column)
#define WITHOUT_RELU(vectors, column) gradient_sums_windows(vectors, 0, n, column)
  if (n->relu) FOR_EACH_STRIP(n->width, WITH_RELU);
  else FOR_EACH_STRIP(n->width, WITHOUT_RELU);
#undef WITH_RELU
#undef WITHOUT_RELU
}

// dz of pixels that lie in no window.
static INLINE void input_gradient_outside(const int accumulates, const struct kernel_row_normalization *n,
                                          ptrdiff_t pixel, ptrdiff_t pixels) {
  for (ptrdiff_t first = pixel * n->width; first < (pixel + pixels) * n->width; first += n->width)
    for (ptrdiff_t c = 0; c < n->width; c += LANES) {
      vec dz = fma(load(n->q + c), load(n->z + first + c), load(n->r + c));
      store(n->dz + first + c, accumulates ? load(n->dz + first + c) + dz : dz);
    }
}

static INLINE void input_gradient_windows(const int has_relu, const int accumulates,
                                          const struct kernel_row_normalization *n) {
  const mask none = {0};
  for (ptrdiff_t line = n->first_line; line < n->first_line + n->lines; line++) {
    for (ptrdiff_t x = 0; x < n->columns / 2; x++) {
      struct window w = window_at(n, line, x);
      for (ptrdiff_t c = 0; c < n->width; c += LANES) {
        vec a = load(n->a + c), b = load(n->b + c), p = load(n->p + c), q = load(n->q + c), r = load(n->r + c);
        vec z[4], g = load(n->dy + w.output + c);
        mask wins[4] = {~none};
        UNROLL for (int k = 0; k < 4; k++) z[k] = load(n->z + w.pixel[k] + c);
        vec best = fma(z[0], a, b);
        UNROLL for (int k = 1; k < 4; k++) {
          vec value = fma(z[k], a, b);
          wins[k] = (value > best) | (value != value);
          best = pick(wins[k], value, best);
        }
        if (has_relu) g = keep(best > zero(), g);
        vec pg = p * g;
        mask taken = none; // by a later pixel
        UNROLL for (int k = 3; k >= 0; k--) {
          vec dz = fma(q, z[k], r) + keep(wins[k] & ~taken, pg);
          taken |= wins[k];
          float *to = n->dz + w.pixel[k] + c;
          store(to, accumulates ? load(to) + dz : dz);
        }
      }
    }
    ptrdiff_t image = line / (n->height / 2), y = line % (n->height / 2);
    ptrdiff_t pixel = (image * n->height + 2 * y) * n->columns;
    if (n->columns % 2) {
      input_gradient_outside(accumulates, n, pixel + n->columns - 1, 1);
      input_gradient_outside(accumulates, n, pixel + 2 * n->columns - 1, 1);
    }
    if (n->height % 2 && y == n->height / 2 - 1)
      input_gradient_outside(accumulates, n, pixel + 2 * n->columns, n->columns);
  }
}

static void LEVEL(row_input_gradient_pooled)(const struct kernel_row_normalization *n) {
  if (n->accumulates) {
    if (n->relu) input_gradient_windows(1, 1, n);
    else input_gradient_windows(0, 1, n);
  } else {
    if (n->relu) input_gradient_windows(1, 0, n);
    else input_gradient_windows(0, 0, n);
  }
}
