// A narrow window on libhdf5, whose constants are macros: facts about a dataset before anything of it is read, then its
// elements. What is accepted is decided by the caller; damaged files may crash the library, so it runs in a child.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "CHDF5Child.h"

enum { chdf5_most_axes = 4, chdf5_most_filters = 4, chdf5_message_length = 200 };

typedef enum {
  chdf5_other,
  chdf5_float32,
  chdf5_float64,
  chdf5_int8,
  chdf5_uint8,
  chdf5_int16,
  chdf5_uint16,
  chdf5_int32,
  chdf5_uint32,
  chdf5_int64,
  chdf5_uint64,
} chdf5_type;

// In the order of the numbers that the format gives them.
typedef enum { chdf5_deflate = 1, chdf5_shuffle = 2, chdf5_fletcher32 = 3 } chdf5_filter;

typedef struct {
  // The name is no soft, external or user-defined link.
  int is_hard_link;
  int is_dataset;
  // Integers and IEEE floats of either byte order; everything else is chdf5_other.
  chdf5_type type;
  // Axes of the array, or -1 where there are more than chdf5_most_axes or none of a simple kind.
  int rank;
  uint64_t shape[chdf5_most_axes];
  // The elements lie in this file, one after another or in chunks, and not in other files.
  int is_inside;
  // Bytes of one chunk; 0 where there are none.
  uint64_t chunk_bytes;
  // Or -1 where there are more than chdf5_most_filters.
  int filter_count;
  int filters[chdf5_most_filters];
} chdf5_facts;

// Silences the library and forbids it to load plugins. Negative on failure, as below.
int chdf5_start(void);

// Opens a file that lies in memory, of which the library makes a copy: a handle, or a negative number.
int64_t chdf5_open(void *bytes, size_t count);

// What is known about an object of the root group; 0 where the name is not there, 1 where it is.
int chdf5_describe(int64_t file, const char *name, chdf5_facts *facts);

// Reads all elements of a dataset as little-endian numbers of `type`; the buffer has room for them.
int chdf5_read(int64_t file, const char *name, chdf5_type type, void *buffer);

// Why the last call failed, in the library's words.
void chdf5_failure(char message[chdf5_message_length]);
