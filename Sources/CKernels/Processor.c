#define _GNU_SOURCE
#include "CKernels.h"

#if defined(__linux__)
#include <sched.h>

int kernel_usable_cores(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}
#else
#include <unistd.h>

int kernel_usable_cores(void) { return (int)sysconf(_SC_NPROCESSORS_ONLN); }
#endif
