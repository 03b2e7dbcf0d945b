// What a core can do at best; benchmarks say how near to it the other kernels come.

// Chains of multiply-adds that wait for nobody but themselves: enough of them to keep every multiplier busy, few enough
// to stay in sixteen registers. A round is 2 * 12 * LANES operations.
static float LEVEL(ceiling_multiply_add)(ptrdiff_t rounds, float factor) {
  const vec multiplier = splat(factor), addend = splat(1);
  vec chain[12];
  UNROLL for (int i = 0; i < 12; i++) chain[i] = splat(i);
  for (ptrdiff_t round = 0; round < rounds; round++)
    UNROLL for (int i = 0; i < 12; i++) chain[i] = fma(multiplier, chain[i], addend);
  vec sum = zero();
  UNROLL for (int i = 0; i < 12; i++) sum += chain[i];
  return sum[0];
}

static float LEVEL(ceiling_read)(ptrdiff_t n, const float *x) {
  vec sum[8];
  UNROLL for (int i = 0; i < 8; i++) sum[i] = zero();
  for (ptrdiff_t first = 0; first + 8 * LANES <= n; first += 8 * LANES)
    UNROLL for (int i = 0; i < 8; i++) sum[i] += load(x + first + i * LANES);
  UNROLL for (int i = 1; i < 8; i++) sum[0] += sum[i];
  return sum[0][0];
}

// z = x + factor * y, the triad of STREAM (McCalpin 1995).
static void LEVEL(ceiling_triad)(ptrdiff_t n, const float *x, float factor, const float *y, float *z) {
  const vec multiplier = splat(factor);
  for (ptrdiff_t i = 0; i + LANES <= n; i += LANES) store(z + i, fma(multiplier, load(y + i), load(x + i)));
}
