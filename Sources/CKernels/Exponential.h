// exp in float32 to within 2 units in the last place: 2^k * p(r), x = k ln 2 + r, |r| <= ln 2 / 2, p the Taylor
// polynomial of degree 7 (remainder 5e-9). Written without branches so that a loop over it vectorises.
#pragma once
#include <stdint.h>
#include <string.h>

static inline float power_of_two(int32_t k) {
  uint32_t bits = (uint32_t)(k + 127) << 23;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline float exponential(float x) {
  // Outside of this interval the result is 0 or infinity; a NaN takes the lower bound and is put back below.
  float v = x > -104.0f ? (x < 89.0f ? x : 89.0f) : -104.0f;
  const float rounding = 12582912.0f; // 1.5 * 2^23: adding it rounds to an integer
  float k = v * 1.44269504f + rounding;
  k -= rounding;
  float r = (v - k * 0.693359375f) + k * 2.12194440e-4f; // ln 2 in two parts, the first exact in k times it
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t whole = (int32_t)k, half = whole >> 1; // two factors: k reaches 128 and -150
  float result = p * power_of_two(half) * power_of_two(whole - half);
  return x == x ? result : x;
}
