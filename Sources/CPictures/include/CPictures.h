// A narrow window on libjpeg-turbo and libpng: whole pictures in memory, sizes checked before anything is allocated.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { pictures_message_length = 200 };

typedef struct {
  int width;
  int height;
  // Red, green, blue, row by row; freed with pictures_free.
  uint8_t *pixels;
  // Why there are no pixels.
  char message[pictures_message_length];
} pictures_result;

// Decode one picture of at most `longest_side` pixels a side and `most_pixels` altogether. Alpha is dropped.
pictures_result pictures_decode_jpeg(const uint8_t *bytes, size_t count, int longest_side, int64_t most_pixels);
pictures_result pictures_decode_png(const uint8_t *bytes, size_t count, int longest_side, int64_t most_pixels);

// Encode `width` x `height` pixels of 1 (grey) or 3 (red, green, blue) bytes as PNG; freed with pictures_free.
uint8_t *pictures_encode_png(const uint8_t *pixels, int width, int height, int channels, size_t *count);

void pictures_free(uint8_t *bytes);
