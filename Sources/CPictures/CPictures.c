#include "CPictures.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

static pictures_result failure(const char *message) {
  pictures_result result = {0};
  snprintf(result.message, sizeof result.message, "%s", message);
  return result;
}

// Room for `channels` bytes a pixel, or a result without pixels that says why there is none.
static pictures_result allocate(int64_t width, int64_t height, int channels, int longest_side, int64_t most_pixels) {
  pictures_result result = {0};
  if (width < 1 || height < 1 || width > longest_side || height > longest_side || width * height > most_pixels) {
    snprintf(result.message, sizeof result.message,
             "%lld x %lld pixels; at most %d a side and %lld altogether are read",
             (long long)width, (long long)height, longest_side, (long long)most_pixels);
    return result;
  }
  result.width = (int)width;
  result.height = (int)height;
  result.pixels = calloc((size_t)(width * height), (size_t)channels);
  if (!result.pixels) return failure("not enough memory");
  return result;
}

pictures_result pictures_decode_jpeg(const uint8_t *bytes, size_t count, int longest_side, int64_t most_pixels) {
  tjhandle decoder = tjInitDecompress();
  if (!decoder) return failure("no JPEG decoder");
  int width = 0, height = 0, sampling = 0, colours = 0;
  pictures_result result;
  if (tjDecompressHeader3(decoder, bytes, count, &width, &height, &sampling, &colours) != 0) {
    result = failure(tjGetErrorStr2(decoder));
  } else {
    result = allocate(width, height, 3, longest_side, most_pixels);
    const int flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS;
    if (result.pixels
        && tjDecompress2(decoder, bytes, count, result.pixels, width, 0, height, TJPF_RGB, flags) != 0) {
      free(result.pixels);
      result = failure(tjGetErrorStr2(decoder));
    }
  }
  tjDestroy(decoder);
  return result;
}

pictures_result pictures_decode_png(const uint8_t *bytes, size_t count, int longest_side, int64_t most_pixels) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_memory(&image, bytes, count)) return failure(image.message);
  // Alpha is read and dropped: composed on a background it would change the colours.
  image.format = PNG_FORMAT_RGBA;
  pictures_result result = allocate(image.width, image.height, 4, longest_side, most_pixels);
  if (!result.pixels) {
    png_image_free(&image);
    return result;
  }
  if (!png_image_finish_read(&image, NULL, result.pixels, 0, NULL)) {
    free(result.pixels);
    return failure(image.message);
  }
  const size_t area = (size_t)result.width * (size_t)result.height;
  for (size_t pixel = 1; pixel < area; pixel++) memmove(result.pixels + 3 * pixel, result.pixels + 4 * pixel, 3);
  return result;
}

uint8_t *pictures_encode_png(const uint8_t *pixels, int width, int height, int channels, size_t *count) {
  png_image image = {
      .version = PNG_IMAGE_VERSION,
      .width = (png_uint_32)width,
      .height = (png_uint_32)height,
      .format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB,
  };
  png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);
  uint8_t *bytes = malloc(length);
  if (bytes && !png_image_write_to_memory(&image, bytes, &length, 0, pixels, 0, NULL)) {
    free(bytes);
    bytes = NULL;
  }
  *count = bytes ? length : 0;
  return bytes;
}

void pictures_free(uint8_t *bytes) { free(bytes); }
