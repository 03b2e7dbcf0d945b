#include "CKernels.h"
#include "Clones.h"
#include <math.h>

// The three layouts that broadcasting leaves in the innermost axis vectorise; any other stride is plain.
#define BINARY(name, expression)                                                                             \
  CLONES static void name(ptrdiff_t n, const float *a, ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, \
                          float *c) {                                                                        \
    if (a_stride == 1 && b_stride == 1) {                                                                    \
      for (ptrdiff_t i = 0; i < n; i++) { float u = a[i], v = b[i]; c[i] = expression; }                     \
    } else if (a_stride == 1 && b_stride == 0) {                                                             \
      float v = b[0];                                                                                        \
      for (ptrdiff_t i = 0; i < n; i++) { float u = a[i]; c[i] = expression; }                               \
    } else if (a_stride == 0 && b_stride == 1) {                                                             \
      float u = a[0];                                                                                        \
      for (ptrdiff_t i = 0; i < n; i++) { float v = b[i]; c[i] = expression; }                               \
    } else {                                                                                                 \
      for (ptrdiff_t i = 0; i < n; i++) { float u = a[i * a_stride], v = b[i * b_stride]; c[i] = expression; } \
    }                                                                                                        \
  }

BINARY(add, u + v)
BINARY(subtract, u - v)
BINARY(multiply, u * v)
BINARY(divide, u / v)
BINARY(maximum, u > v || u != u ? u : v)
BINARY(minimum, u < v || u != u ? u : v)
BINARY(power, powf(u, v))
BINARY(equal, u == v ? 1.0f : 0.0f)
BINARY(not_equal, u != v ? 1.0f : 0.0f)
BINARY(less, u < v ? 1.0f : 0.0f)
BINARY(less_equal, u <= v ? 1.0f : 0.0f)
BINARY(greater, u > v ? 1.0f : 0.0f)
BINARY(greater_equal, u >= v ? 1.0f : 0.0f)

void kernel_binary(enum kernel_operation operation, ptrdiff_t n, const float *a, ptrdiff_t a_stride,
                   const float *b, ptrdiff_t b_stride, float *c) {
  if (n <= 0) return;
  switch (operation) {
    case kernel_add: return add(n, a, a_stride, b, b_stride, c);
    case kernel_subtract: return subtract(n, a, a_stride, b, b_stride, c);
    case kernel_multiply: return multiply(n, a, a_stride, b, b_stride, c);
    case kernel_divide: return divide(n, a, a_stride, b, b_stride, c);
    case kernel_maximum: return maximum(n, a, a_stride, b, b_stride, c);
    case kernel_minimum: return minimum(n, a, a_stride, b, b_stride, c);
    case kernel_power: return power(n, a, a_stride, b, b_stride, c);
    case kernel_equal: return equal(n, a, a_stride, b, b_stride, c);
    case kernel_not_equal: return not_equal(n, a, a_stride, b, b_stride, c);
    case kernel_less: return less(n, a, a_stride, b, b_stride, c);
    case kernel_less_equal: return less_equal(n, a, a_stride, b, b_stride, c);
    case kernel_greater: return greater(n, a, a_stride, b, b_stride, c);
    case kernel_greater_equal: return greater_equal(n, a, a_stride, b, b_stride, c);
  }
}
