#include "CKernels.h"
#include "Clones.h"

// Output column i reads input column first + i * stride; those in [begin, end) lie inside of the input's width.
struct span { ptrdiff_t begin, end; };

static struct span inside(ptrdiff_t n, ptrdiff_t width, ptrdiff_t first, ptrdiff_t stride) {
  ptrdiff_t begin = first >= 0 ? 0 : (-first + stride - 1) / stride;
  ptrdiff_t end = first >= width ? 0 : (width - first + stride - 1) / stride;
  if (begin > n) begin = n;
  if (end > n) end = n;
  return (struct span){begin, end < begin ? begin : end};
}

static inline void clear(float *x, ptrdiff_t begin, ptrdiff_t end) {
  for (ptrdiff_t i = begin; i < end; i++) x[i] = 0;
}

// With stride 1 and outputs as wide as inputs all rows are one shifted run; what wraps around a border is then cleared.
static int is_run(const struct kernel_window *w) { return w->stride == 1 && w->columns == w->width; }

static void clear_borders(const struct kernel_window *w, struct span rows, struct span columns, float *patch) {
  for (ptrdiff_t r = rows.begin; r < rows.end; r++) {
    clear(patch + r * w->columns, 0, columns.begin);
    clear(patch + r * w->columns, columns.end, w->columns);
  }
}

// The part of the run that lies inside of the plane, as indices into the patch.
static struct span run_inside(const struct kernel_window *w, struct span rows) {
  ptrdiff_t shift = w->first_row * w->width + w->first_column, begin = rows.begin * w->columns,
            end = rows.end * w->columns;
  if (begin < -shift) begin = -shift;
  if (end > w->height * w->width - shift) end = w->height * w->width - shift;
  return (struct span){begin, end < begin ? begin : end};
}

CLONES void kernel_gather(const struct kernel_window *w, const float *plane, float *patch) {
  struct span rows = inside(w->rows, w->height, w->first_row, w->stride);
  struct span columns = inside(w->columns, w->width, w->first_column, w->stride);
  clear(patch, 0, rows.begin * w->columns);
  clear(patch, rows.end * w->columns, w->rows * w->columns);
  if (is_run(w)) {
    const float *source = plane + w->first_row * w->width + w->first_column;
    struct span run = run_inside(w, rows);
    for (ptrdiff_t i = run.begin; i < run.end; i++) patch[i] = source[i];
    clear_borders(w, rows, columns, patch);
    return;
  }
  for (ptrdiff_t r = rows.begin; r < rows.end; r++) {
    const float *source = plane + (w->first_row + r * w->stride) * w->width + w->first_column;
    float *out = patch + r * w->columns;
    clear(out, 0, columns.begin);
    if (w->stride == 1) {
      for (ptrdiff_t i = columns.begin; i < columns.end; i++) out[i] = source[i];
    } else {
      for (ptrdiff_t i = columns.begin; i < columns.end; i++) out[i] = source[i * w->stride];
    }
    clear(out, columns.end, w->columns);
  }
}

CLONES void kernel_scatter(const struct kernel_window *w, float *patch, float *plane) {
  struct span rows = inside(w->rows, w->height, w->first_row, w->stride);
  struct span columns = inside(w->columns, w->width, w->first_column, w->stride);
  if (is_run(w)) {
    float *target = plane + w->first_row * w->width + w->first_column;
    clear_borders(w, rows, columns, patch);
    struct span run = run_inside(w, rows);
    for (ptrdiff_t i = run.begin; i < run.end; i++) target[i] += patch[i];
    return;
  }
  for (ptrdiff_t r = rows.begin; r < rows.end; r++) {
    float *target = plane + (w->first_row + r * w->stride) * w->width + w->first_column;
    const float *in = patch + r * w->columns;
    for (ptrdiff_t i = columns.begin; i < columns.end; i++) target[i * w->stride] += in[i];
  }
}
