// What the system offers to start a process safely and Swift does not see: extensions of GNU and Linux.
#pragma once
#include <stddef.h>
#include <sys/types.h>

// A file without a name, in memory, closed in programs that are started: a descriptor, or -1 with errno set.
int chdf5_memory_file(void);

typedef struct {
  pid_t process;
  // Where what it writes is read from.
  int output;
} chdf5_child;

// Starts a program in a process group of its own that has three files open, `input` as its standard input, and gets no
// signal masked or ignored. Lists end in a null. Returns 0 or the number of a system error.
int chdf5_start_child(const char *executable, char *const arguments[], char *const environment[], int input,
                      chdf5_child *child);

// Ends this process together with the one that started it. Returns 0, or -1 with errno set.
int chdf5_die_with_parent(void);
