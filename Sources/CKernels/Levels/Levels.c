// Which levels this processor can run.
#include "../include/KernelLevels.h"

extern const struct kernel_level kernel_level_baseline;

#if defined(__x86_64__)
extern const struct kernel_level kernel_level_avx512, kernel_level_avx2;

// How many of the faster levels the processor lacks; each has what the next one has.
static int lacking(void) {
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  return avx512 ? 0 : avx2 ? 1 : 2;
}

int kernel_level_count(void) { return 3 - lacking(); }

const struct kernel_level *kernel_level_at(int index) {
  const struct kernel_level *levels[] = {&kernel_level_avx512, &kernel_level_avx2, &kernel_level_baseline};
  int position = index + lacking();
  return position < 2 ? levels[position] : levels[2];
}
#else
int kernel_level_count(void) { return 1; }

const struct kernel_level *kernel_level_at(int index) {
  (void)index;
  return &kernel_level_baseline;
}
#endif
