// What Swift's Mutex does where threads meet at it, in place of what is in its library, which is not instrumented: the
// thread sanitizer would see neither that a lock was got nor that it was given up, and call every use of what it guards
// a race. Scripts/sanitize loads this before the library. (Swift 6.0 to 6.3; Synchronization/Mutex/LinuxImpl.swift.)
#include <linux/futex.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Not there in the shells and tools that start the tests.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

// The conventions of a Swift method on a value in memory.
#define METHOD __attribute__((swiftcall)) void
#define SELF __attribute__((swift_context)) uint32_t *

METHOD lock(uint32_t thread, SELF mutex) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
METHOD unlock(SELF mutex) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

METHOD lock(uint32_t thread, SELF mutex) {
  (void)thread;
  while (syscall(SYS_futex, mutex, FUTEX_LOCK_PI_PRIVATE, 0, NULL) != 0) {}
  if (__tsan_acquire) __tsan_acquire(mutex);
}

METHOD unlock(SELF mutex) {
  if (__tsan_release) __tsan_release(mutex);
  while (syscall(SYS_futex, mutex, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL) != 0) {}
}
