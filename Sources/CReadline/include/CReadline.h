// GNU readline through its callback interface, so that no signal handler ever jumps over Swift frames.
#pragma once

#include <stdbool.h>
#include <stddef.h>

/// How reading one line ended.
typedef enum {
  creadline_line,
  creadline_end_of_input,
  creadline_interrupted,
} creadline_status;

/// Proposes whole words for the word that starts at byte `start` and ends at the cursor, byte `cursor`, of `text`.
/// Answers a NULL-terminated array of strings, both from malloc, or NULL; the shim frees them.
typedef char **(*creadline_completer)(void *context, const char *text, int start, int cursor);

/// Prepares readline for standard input and standard output. `plain` edits without any control sequence.
void creadline_start(bool plain, creadline_completer completer, void *context);

/// Reads one line, which begins as `offered` and may be edited from there; `:` or `?` behind it, untouched, replaces it.
/// `*line` is from malloc and the caller's to free, and set only for `creadline_line`.
creadline_status creadline_read(const char *prompt, const char *offered, char **line);

/// Adds an entry, possibly of several lines, to the list behind Up and Ctrl-R.
void creadline_remember(const char *entry);

/// Lets SIGINT raise a flag instead of ending the process.
void creadline_catch_interrupts(void);

/// Whether SIGINT has come since the flag was lowered last, which `creadline_read` does, too.
bool creadline_interrupt_is_raised(void);

/// How often the process has been continued after a stop, by `fg` for example, since it began to catch SIGINT.
int creadline_continuation_count(void);

/// Lowers the flag: what was asked to stop has stopped.
void creadline_clear_interrupt(void);
