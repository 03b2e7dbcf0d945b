// Patches of images [height, width, channels]: the row of an output position holds the inputs under its kernel, tap
// after tap, [kernel_height, kernel_width, channels]. A row of a kernel is one run of floats in the image, so a patch
// is copied in kernel_height runs, by whole vectors where it has them.

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

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

// Where a patch begins in its image.
struct patch_place {
  ptrdiff_t image, line, column;
};

static INLINE struct patch_place patch_first(const struct kernel_patches *p, ptrdiff_t position) {
  return (struct patch_place){position / (p->output_height * p->output_width),
                              position / p->output_width % p->output_height, position % p->output_width};
}

static INLINE void patch_next(const struct kernel_patches *p, struct patch_place *place) {
  if (++place->column < p->output_width) return;
  place->column = 0;
  if (++place->line < p->output_height) return;
  place->line = 0;
  place->image++;
}

static INLINE void patch_zero(float *to, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) to[i] = 0;
}

static INLINE void patch_copy(float *to, const float *from, ptrdiff_t count) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) store(to + i, load(from + i));
  for (; i + 4 <= count; i += 4) *(quad *)(to + i) = *(const quad *)(from + i);
  for (; i < count; i++) to[i] = from[i];
}

static void LEVEL(patch_gather)(const struct kernel_patches *p, ptrdiff_t first, ptrdiff_t count, const float *images,
                                float *rows) {
  struct patch_place place = patch_first(p, first);
  for (ptrdiff_t index = 0; index < count; index++, patch_next(p, &place)) {
    float *patch = rows + index * p->row;
    for (ptrdiff_t tap = 0; tap < p->kernel_height; tap++, patch += p->kernel_width * p->channels) {
      struct patch_run run = patch_run_at(p, place.image, place.line * p->stride - p->top + tap,
                                          place.column * p->stride - p->left);
      patch_zero(patch, run.before);
      patch_copy(patch + run.before, images + run.source, run.inside);
      patch_zero(patch + run.before + run.inside, run.after);
    }
  }
}

static void LEVEL(patch_add)(const struct kernel_patches *p, ptrdiff_t first, ptrdiff_t count, const float *rows,
                             float *images) {
  struct patch_place place = patch_first(p, first);
  for (ptrdiff_t index = 0; index < count; index++, patch_next(p, &place)) {
    const float *patch = rows + index * p->row;
    for (ptrdiff_t tap = 0; tap < p->kernel_height; tap++, patch += p->kernel_width * p->channels) {
      struct patch_run run = patch_run_at(p, place.image, place.line * p->stride - p->top + tap,
                                          place.column * p->stride - p->left);
      const float *source = patch + run.before;
      float *target = images + run.source;
      ptrdiff_t i = 0;
      for (; i + LANES <= run.inside; i += LANES) store(target + i, load(target + i) + load(source + i));
      for (; i < run.inside; i++) target[i] += source[i];
    }
  }
}
