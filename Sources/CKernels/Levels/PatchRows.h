// Patches of images [height, width, channels]: the row of an output position holds the inputs under its kernel, tap after
// tap, [kernel_height, kernel_width, channels]. A row of a kernel is one run of floats in the image, so a patch is copied in
// kernel_height runs.

struct patch_run {
  ptrdiff_t before, inside, after; // floats: outside of the image, inside, outside
  ptrdiff_t source;                // of the part inside
};

static INLINE struct patch_run patch_run_at(const struct kernel_patches *p, ptrdiff_t image, ptrdiff_t y, ptrdiff_t x) {
  ptrdiff_t floats = p->kernel_width * p->channels;
  if (y < 0 || y >= p->height) return (struct patch_run){floats, 0, 0, 0};
  ptrdiff_t left = x < 0 ? -x : 0, right = x + p->kernel_width - p->width;
  if (right < 0) right = 0;
  if (left + right >= p->kernel_width) return (struct patch_run){floats, 0, 0, 0};
  return (struct patch_run){left * p->channels, floats - (left + right) * p->channels, right * p->channels,
                            ((image * p->height + y) * p->width + x + left) * p->channels};
}

// Calls `body` for each run of the positions from `first`, with the run in `run` and its floats of the patch at `patch`.
#define FOR_EACH_RUN(p, first, count, rows, body)                                                            \
  for (ptrdiff_t index = 0; index < (count); index++) {                                                      \
    ptrdiff_t position = (first) + index, image = position / (p->output_height * p->output_width);           \
    ptrdiff_t y = position / p->output_width % p->output_height * p->stride - p->top;                        \
    ptrdiff_t x = position % p->output_width * p->stride - p->left;                                          \
    for (ptrdiff_t tap = 0; tap < p->kernel_height; tap++) {                                                 \
      struct patch_run run = patch_run_at(p, image, y + tap, x);                                             \
      float *patch = (rows) + index * p->row + tap * p->kernel_width * p->channels;                          \
      body                                                                                                   \
    }                                                                                                        \
  }

static INLINE float *patch_zeros(float *to, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) to[i] = 0;
  return to + count;
}

static void LEVEL(patch_gather)(const struct kernel_patches *p, ptrdiff_t first, ptrdiff_t count, const float *images,
                                float *rows) {
  FOR_EACH_RUN(p, first, count, rows, {
    patch = patch_zeros(patch, run.before);
    const float *source = images + run.source;
    ptrdiff_t i = 0;
    for (; i + LANES <= run.inside; i += LANES) store(patch + i, load(source + i));
    for (; i < run.inside; i++) patch[i] = source[i];
    patch_zeros(patch + run.inside, run.after);
  })
}

static void LEVEL(patch_add)(const struct kernel_patches *p, ptrdiff_t first, ptrdiff_t count, float *rows,
                             float *images) {
  FOR_EACH_RUN(p, first, count, rows, {
    patch += run.before;
    float *target = images + run.source;
    ptrdiff_t i = 0;
    for (; i + LANES <= run.inside; i += LANES) store(target + i, load(target + i) + load(patch + i));
    for (; i < run.inside; i++) target[i] += patch[i];
  })
}
