#include "CKernels.h"
#include "Clones.h"
#include <math.h>

CLONES void kernel_sgd(ptrdiff_t n, float *parameter, const float *gradient, float *velocity, float rate,
                       float momentum, float decay) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float g = gradient[i] + decay * parameter[i];
    float v = momentum * velocity[i] + g;
    velocity[i] = v;
    parameter[i] -= rate * v;
  }
}

CLONES void kernel_adam(ptrdiff_t n, float *parameter, const float *gradient, float *first, float *second,
                        struct kernel_adam_step step) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float g = gradient[i] + step.decay * parameter[i];
    float m = first[i] + (g - first[i]) * step.one_minus_beta1;
    float v = step.beta2 * second[i] + step.one_minus_beta2 * g * g;
    first[i] = m;
    second[i] = v;
    float denominator = sqrtf(v) / step.root_correction + step.epsilon;
    parameter[i] -= step.step_size * (m / denominator);
  }
}
