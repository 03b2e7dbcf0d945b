#include "CKernels.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif

#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(start, bytes) ((void)(start), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(start, bytes) ((void)(start), (void)(bytes))
#endif

void kernel_poison(const void *start, size_t bytes) { ASAN_POISON_MEMORY_REGION(start, bytes); }

void kernel_unpoison(const void *start, size_t bytes) { ASAN_UNPOISON_MEMORY_REGION(start, bytes); }
