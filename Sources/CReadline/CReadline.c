#include "CReadline.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

// Signals, readline and the terminal belong to the process, so this state does too. The handlers write to a pipe
// that the loop selects on: it works whichever thread the kernel hands the signal to.
static int wake[2] = {-1, -1};
static volatile sig_atomic_t interrupt_is_raised = 0;
static struct timespec interrupt_time;
static volatile sig_atomic_t continuation_count = 0;

static creadline_completer completer;
static void *completer_context;

static bool line_is_done;
static char *finished_line;
static const char *offered_line = "";

// MARK: Interrupts

static double seconds_since(const struct timespec *earlier, const struct timespec *now) {
  return (double)(now->tv_sec - earlier->tv_sec) + 1e-9 * (double)(now->tv_nsec - earlier->tv_nsec);
}

// A first Ctrl-C asks the evaluator to stop. Where it does not, a second one within two seconds ends the process;
// one within the first half second is taken for a bouncing key, since a session may hold hours of work.
static void handle_interrupt(int signal_number) {
  (void)signal_number;
  const int saved_errno = errno;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const double age = interrupt_is_raised ? seconds_since(&interrupt_time, &now) : 0;
  if (age >= 0.5 && age <= 2) _exit(130);
  if (!interrupt_is_raised || age > 2) interrupt_time = now;
  interrupt_is_raised = 1;
  (void)!write(wake[1], "i", 1);
  errno = saved_errno;
}

static void handle_continuation(int signal_number) {
  (void)signal_number;
  continuation_count = (continuation_count + 1) & 0x7fff;
}

static void handle_others(int signal_number) {
  const int saved_errno = errno;
  const char note = signal_number == SIGTSTP ? 'z' : signal_number == SIGWINCH ? 'w' : 't';
  (void)!write(wake[1], &note, 1);
  errno = saved_errno;
}

static void install(int signal_number, void (*handler)(int), struct sigaction *previous) {
  struct sigaction action = {.sa_handler = handler};
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, previous);  // without SA_RESTART: a blocked read comes back and can stop
}

void creadline_catch_interrupts(void) {
  if (wake[0] >= 0 || pipe(wake) != 0) return;
  for (int end = 0; end < 2; end++) {
    fcntl(wake[end], F_SETFL, O_NONBLOCK);
    fcntl(wake[end], F_SETFD, FD_CLOEXEC);
  }
  install(SIGINT, handle_interrupt, NULL);
  install(SIGCONT, handle_continuation, NULL);
}

int creadline_continuation_count(void) { return continuation_count; }

bool creadline_interrupt_is_raised(void) { return interrupt_is_raised != 0; }

void creadline_clear_interrupt(void) {
  char notes[64];
  while (wake[0] >= 0 && read(wake[0], notes, sizeof notes) > 0) {}
  interrupt_is_raised = 0;
}

// MARK: Input

static void wait_for_input(void) {
  fd_set ready;
  FD_ZERO(&ready);
  FD_SET(STDIN_FILENO, &ready);
  int highest = STDIN_FILENO;
  if (wake[0] >= 0 && wake[0] < FD_SETSIZE) {
    FD_SET(wake[0], &ready);
    if (wake[0] > highest) highest = wake[0];
  }
  select(highest + 1, &ready, NULL, NULL, NULL);  // an interrupted call is as good as one that found something
}

static bool input_is_ready(void) {
  fd_set ready;
  FD_ZERO(&ready);
  FD_SET(STDIN_FILENO, &ready);
  struct timeval at_once = {0, 0};
  return select(STDIN_FILENO + 1, &ready, NULL, NULL, &at_once) > 0;
}

// Replaces readline's own reading of a byte, which would sleep through Ctrl-C in the middle of a key sequence.
static int read_byte(FILE *stream) {
  (void)stream;
  for (;;) {
    if (interrupt_is_raised) return EOF;
    if (!input_is_ready()) {
      wait_for_input();
      continue;
    }
    unsigned char byte;
    const ssize_t count = read(STDIN_FILENO, &byte, 1);
    if (count == 1) return byte;
    if (count == 0 || (errno != EINTR && errno != EAGAIN)) return EOF;
  }
}

// What the terminal sends between ESC [ 200 ~ and ESC [ 201 ~ goes into the line as it is: a tab completes nothing,
// a line break accepts nothing (CR and CR LF become LF), and no other control byte gets in.
static int insert_paste(int count, int key) {
  (void)count;
  (void)key;
  static const char end_mark[] = "\033[201~";
  const size_t mark_length = sizeof end_mark - 1, longest = 1 << 24;
  size_t length = 0, capacity = 4096;
  char *text = malloc(capacity);
  while (text != NULL && length < longest) {
    const int byte = read_byte(rl_instream);
    if (byte == EOF) break;
    if (length + 2 > capacity) {
      char *larger = realloc(text, capacity *= 2);
      if (larger == NULL) break;
      text = larger;
    }
    text[length++] = (char)byte;
    if (length >= mark_length && memcmp(text + length - mark_length, end_mark, mark_length) == 0) {
      length -= mark_length;
      break;
    }
  }
  if (text == NULL) return 0;
  size_t kept = 0;
  for (size_t index = 0; index < length; index++) {
    const unsigned char byte = (unsigned char)text[index];
    if (byte == '\r') {
      text[kept++] = '\n';
      if (index + 1 < length && text[index + 1] == '\n') index++;
    } else if (byte == '\t' || byte == '\n' || (byte >= ' ' && byte != 127)) {
      text[kept++] = (char)byte;
    }
  }
  while (kept > 0 && text[kept - 1] == '\n') kept--;
  text[kept] = '\0';
  if (kept > 0) rl_insert_text(text);
  free(text);
  return 0;
}

// MARK: Completion

// At the start of a line a tab indents, elsewhere it completes; the second one in a row shows the choice, which
// readline knows by the last command.
static int complete_or_indent(int count, int key) {
  if (rl_last_func == complete_or_indent) rl_last_func = rl_complete;
  for (int index = rl_point - 1; ; index--) {
    if (index < 0 || rl_line_buffer[index] == '\n') return rl_insert_text("  ") >= 0 ? 0 : 1;
    if (rl_line_buffer[index] != ' ' && rl_line_buffer[index] != '\t') return rl_complete(count, key);
  }
}

static char **candidates;

static char *next_candidate(const char *text, int state) {
  (void)text;
  static size_t position;
  if (state == 0) position = 0;
  return candidates != NULL && candidates[position] != NULL ? candidates[position++] : NULL;
}

static char **complete(const char *text, int start, int end) {
  (void)end;
  rl_attempted_completion_over = 1;  // no file names behind our back
  rl_completion_append_character = '\0';
  rl_completion_suppress_append = 1;
  candidates = completer(completer_context, rl_line_buffer, start, rl_point);
  char **matches = rl_completion_matches(text, next_candidate);  // takes over the strings, not the array
  free(candidates);
  candidates = NULL;
  return matches;
}

// MARK: History

static int search_down(int count, int key);

// Readline's search for the prefix that is typed, with the cursor at the end of what it finds, where one goes on
// typing. It tells a repeated search from a new one by the last command, which must look like its own.
static int search_up(int count, int key) {
  if (rl_last_func == search_up || rl_last_func == search_down) rl_last_func = rl_history_search_backward;
  rl_history_search_backward(count, key);
  rl_point = rl_end;
  return 0;
}

static int search_down(int count, int key) { return search_up(-count, key); }

void creadline_remember(const char *entry) { add_history(entry); }

// MARK: Lines

// A question or a command that is typed behind an offered text, which nobody has touched, takes its place.
static int begin_command(int count, int key) {
  if (offered_line[0] != '\0' && rl_point == rl_end && strcmp(rl_line_buffer, offered_line) == 0) {
    rl_delete_text(0, rl_end);
    rl_point = 0;
  }
  return rl_insert(count, key);
}

static void take_line(char *line) {
  finished_line = line;
  line_is_done = true;
  rl_callback_handler_remove();
}

// Readline takes a key that failed (a search without a hit) for the end of the input, and then adds a line break.
static void release_terminal(void) {
  rl_eof_found = 0;
  rl_deprep_terminal();
}

// Cells are UTF-8 whatever the locale says; in the C locale readline would take the bytes apart.
static void require_utf8(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setenv("LC_ALL", "C.UTF-8", 1);
}

void creadline_start(bool plain, creadline_completer function, void *context) {
  require_utf8();
  completer = function;
  completer_context = context;
  rl_readline_name = "passbook";
  if (plain) rl_terminal_name = "dumb";
  // Our own handlers do it all; those of readline would depend on the thread that the signal reaches.
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_getc_function = read_byte;
  rl_deprep_term_function = release_terminal;
  rl_attempted_completion_function = complete;
  rl_basic_word_break_characters = " \t\n\"'`@$><=;|&{}()[],+-*/^:.?!%";
  rl_completer_quote_characters = "";
  rl_initialize();
  rl_variable_bind("enable-bracketed-paste", plain ? "off" : "on");
  rl_variable_bind("blink-matching-paren", "off");
  rl_bind_key('\t', complete_or_indent);
  rl_bind_key(':', begin_command);
  rl_bind_key('?', begin_command);
  rl_bind_keyseq("\033[200~", insert_paste);
  rl_bind_keyseq("\033[A", search_up);
  rl_bind_keyseq("\033OA", search_up);
  rl_bind_keyseq("\033[B", search_down);
  rl_bind_keyseq("\033OB", search_down);
  using_history();
}

// Gives the terminal back while the process is stopped, and takes it again afterwards.
static void stop_until_continued(void) {
  rl_deprep_terminal();
  struct sigaction ours;
  install(SIGTSTP, SIG_DFL, &ours);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
  rl_prep_terminal(1);
  rl_reset_screen_size();
  rl_forced_update_display();
}

static void end_by_signal(int signal_number) {
  rl_callback_handler_remove();
  install(signal_number, SIG_DFL, NULL);
  raise(signal_number);
}

static void drop_line(void) {
  rl_free_line_state();
  rl_callback_sigcleanup();
  rl_point = rl_end;
  rl_redisplay();  // the mark stands behind the text, and the next prompt below all of it
  rl_replace_line("", 0);
  fputs("^C\n", rl_outstream);
  fflush(rl_outstream);
  rl_callback_handler_remove();
}

creadline_status creadline_read(const char *prompt, const char *offered, char **line) {
  *line = NULL;
  static const int others[] = {SIGTSTP, SIGWINCH, SIGTERM, SIGHUP};
  enum { other_count = sizeof others / sizeof others[0] };
  struct sigaction previous[other_count];
  creadline_clear_interrupt();
  for (int index = 0; index < other_count; index++) install(others[index], handle_others, &previous[index]);

  line_is_done = false;
  finished_line = NULL;
  rl_reset_screen_size();
  rl_callback_handler_install(prompt, take_line);
  offered_line = offered;
  if (offered[0] != '\0') {
    rl_insert_text(offered);
    rl_redisplay();
  }
  bool was_interrupted = false;
  while (!line_is_done && !was_interrupted) {
    wait_for_input();
    char note;
    while (!was_interrupted && wake[0] >= 0 && read(wake[0], &note, 1) == 1) {
      if (note == 'i') was_interrupted = true;
      if (note == 'z') stop_until_continued();
      if (note == 'w') rl_resize_terminal();
      if (note == 't') end_by_signal(SIGTERM);
    }
    if (!was_interrupted && input_is_ready()) rl_callback_read_char();
    if (interrupt_is_raised) was_interrupted = true;
  }
  if (was_interrupted) {
    if (line_is_done) free(finished_line);
    drop_line();
  }
  offered_line = "";
  for (int index = 0; index < other_count; index++) sigaction(others[index], &previous[index], NULL);
  creadline_clear_interrupt();
  if (was_interrupted) return creadline_interrupted;
  if (finished_line == NULL) {
    fputs("\n", rl_outstream);
    fflush(rl_outstream);
    return creadline_end_of_input;
  }
  *line = finished_line;
  return creadline_line;
}
