#define _GNU_SOURCE
#include "CHDF5Child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

int chdf5_memory_file(void) { return memfd_create("hdf5", MFD_CLOEXEC); }

int chdf5_start_child(const char *executable, char *const arguments[], char *const environment[], int input,
                      chdf5_child *child) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);

  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  child->output = ends[0];
  int failure = posix_spawn(&child->process, executable, &actions, &attributes, arguments, environment);
  // A program that was just written is busy for as long as another thread's child still holds the writer's descriptor.
  for (int tries = 0; failure == ETXTBSY && tries < 100; tries++) {
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    failure = posix_spawn(&child->process, executable, &actions, &attributes, arguments, environment);
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failure != 0) close(ends[0]);
  return failure;
}

int chdf5_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }
