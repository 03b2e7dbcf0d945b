// Compiles a function once per level of x86-64 and lets the loader pick the best that the processor has.
#pragma once

// The loader would pick, in instrumented code, before the thread sanitizer has begun.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLONES
#endif
#endif

#ifndef CLONES
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#endif
