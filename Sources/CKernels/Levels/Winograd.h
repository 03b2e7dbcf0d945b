// The transforms of Winograd's minimal filtering F(4x4, 3x3) and F(4x4, 5x5) in one dimension, on vectors of channels.
// A tile of 4 outputs is the product of two polynomials, taken at 6 points (0, ±1, ±2, infinity) for three taps or at 8
// (and ±1/2) for five: 6 multiplications in place of 12, or 8 in place of 20, and squared in two dimensions. The points
// come in pairs ±a, so even and odd terms are summed once for both. Sources/Kernels/README.md has the matrices.

// Bᵀ: `points` inputs -> points.
static INLINE void winograd_input(const int points, const vec *d, vec *v) {
  if (points == 6) {
    vec even1 = fma(splat(-4), d[2], d[4]), odd1 = fma(splat(-4), d[1], d[3]);
    vec even2 = d[4] - d[2], odd2 = 2 * (d[3] - d[1]);
    v[0] = fma(splat(4), d[0], fma(splat(-5), d[2], d[4]));
    v[1] = even1 + odd1, v[2] = even1 - odd1;
    v[3] = even2 + odd2, v[4] = even2 - odd2;
    v[5] = fma(splat(4), d[1], fma(splat(-5), d[3], d[5]));
  } else {
    vec even1 = fma(splat(-4.25f), d[4], d[2] + d[6]), odd1 = fma(splat(-4.25f), d[3], d[1] + d[5]);
    vec even2 = fma(splat(-1.25f), d[4], fma(splat(0.25f), d[2], d[6]));
    vec odd2 = fma(splat(-2.5f), d[3], fma(splat(0.5f), d[1], 2 * d[5]));
    vec even3 = fma(splat(-5), d[4], fma(splat(4), d[2], d[6]));
    vec odd3 = fma(splat(-2.5f), d[3], fma(splat(0.5f), d[5], 2 * d[1]));
    v[0] = fma(splat(5.25f), d[4] - d[2], d[0] - d[6]);
    v[1] = even1 + odd1, v[2] = even1 - odd1;
    v[3] = even2 + odd2, v[4] = even2 - odd2;
    v[5] = even3 + odd3, v[6] = even3 - odd3;
    v[7] = fma(splat(5.25f), d[3] - d[5], d[7] - d[1]);
  }
}

// Aᵀ: points -> 4 outputs.
static INLINE void winograd_output(const int points, const vec *m, vec *y) {
  vec even1 = m[1] + m[2], odd1 = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4];
  y[0] = m[0] + even1 + even2;
  y[1] = fma(splat(2), odd2, odd1);
  y[2] = fma(splat(4), even2, even1);
  y[3] = fma(splat(8), odd2, odd1) + m[points - 1];
  if (points == 8) {
    vec even3 = m[5] + m[6], odd3 = m[5] - m[6];
    y[0] += even3;
    y[1] = fma(splat(0.5f), odd3, y[1]);
    y[2] = fma(splat(0.25f), even3, y[2]);
    y[3] = fma(splat(0.125f), odd3, y[3]);
  }
}

// A: 4 gradients of outputs -> points.
static INLINE void winograd_gradient(const int points, const vec *y, vec *m) {
  vec even1 = y[0] + y[2], odd1 = y[1] + y[3];
  vec even2 = fma(splat(4), y[2], y[0]), odd2 = fma(splat(8), y[3], 2 * y[1]);
  m[0] = y[0];
  m[1] = even1 + odd1, m[2] = even1 - odd1;
  m[3] = even2 + odd2, m[4] = even2 - odd2;
  if (points == 8) {
    vec even3 = fma(splat(0.25f), y[2], y[0]), odd3 = fma(splat(0.125f), y[3], 0.5f * y[1]);
    m[5] = even3 + odd3, m[6] = even3 - odd3;
  }
  m[points - 1] = y[3];
}

// G: the taps of a kernel, three or five -> points.
static INLINE void winograd_weight(const int points, const vec *g, vec *u) {
  if (points == 6) {
    vec even1 = (g[0] + g[2]) * (-1.0f / 6), odd1 = g[1] * (-1.0f / 6);
    vec even2 = fma(splat(4), g[2], g[0]) * (1.0f / 24), odd2 = g[1] * (1.0f / 12);
    u[0] = 0.25f * g[0];
    u[1] = even1 + odd1, u[2] = even1 - odd1;
    u[3] = even2 + odd2, u[4] = even2 - odd2;
    u[5] = g[2];
  } else {
    vec even1 = (g[0] + g[2] + g[4]) * (-2.0f / 9), odd1 = (g[1] + g[3]) * (-2.0f / 9);
    vec even2 = fma(splat(16), g[4], fma(splat(4), g[2], g[0])) * (1.0f / 90);
    vec odd2 = fma(splat(4), g[3], g[1]) * (1.0f / 45);
    vec even3 = fma(splat(0.0625f), g[4], fma(splat(0.25f), g[2], g[0])) * (32.0f / 45);
    vec odd3 = fma(splat(0.25f), g[3], g[1]) * (16.0f / 45);
    u[0] = g[0];
    u[1] = even1 + odd1, u[2] = even1 - odd1;
    u[3] = even2 + odd2, u[4] = even2 - odd2;
    u[5] = even3 + odd3, u[6] = even3 - odd3;
    u[7] = g[4];
  }
}

// Gᵀ: points -> the taps' gradients.
static INLINE void winograd_weight_gradient(const int points, const vec *u, vec *g) {
  if (points == 6) {
    vec even1 = (u[1] + u[2]) * (-1.0f / 6), odd1 = (u[1] - u[2]) * (-1.0f / 6);
    vec even2 = (u[3] + u[4]) * (1.0f / 24), odd2 = (u[3] - u[4]) * (1.0f / 12);
    g[0] = fma(splat(0.25f), u[0], even1 + even2);
    g[1] = odd1 + odd2;
    g[2] = fma(splat(4), even2, even1) + u[5];
  } else {
    vec even1 = (u[1] + u[2]) * (-2.0f / 9), odd1 = (u[1] - u[2]) * (-2.0f / 9);
    vec even2 = (u[3] + u[4]) * (1.0f / 90), odd2 = (u[3] - u[4]) * (1.0f / 45);
    vec even3 = (u[5] + u[6]) * (32.0f / 45), odd3 = (u[5] - u[6]) * (16.0f / 45);
    g[0] = u[0] + even1 + even2 + even3;
    g[1] = odd1 + odd2 + odd3;
    g[2] = fma(splat(4), even2, fma(splat(0.25f), even3, even1));
    g[3] = fma(splat(4), odd2, fma(splat(0.25f), odd3, odd1));
    g[4] = fma(splat(16), even2, fma(splat(0.0625f), even3, even1)) + u[7];
  }
}
