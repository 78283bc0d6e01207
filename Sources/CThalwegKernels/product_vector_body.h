typedef T V __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(T)), may_alias));

static TW_INLINE V G(load)(const T *from) { return *(const V *)from; }
static TW_INLINE void G(store)(T *to, V vector) { *(V *)to = vector; }

// The first `count` lanes; the others are 0, and their memory is not touched.
static TW_INLINE V G(load_part)(const T *from, int64_t count) {
#if VECTOR_BYTES == 64
  const unsigned mask = (1u << count) - 1;
  if (sizeof(T) == 8) return (V)_mm512_maskz_loadu_pd((__mmask8)mask, from);
  return (V)_mm512_maskz_loadu_ps((__mmask16)mask, from);
#elif VECTOR_BYTES == 32
  static const int64_t ones_then_zeros[8] = {-1, -1, -1, -1};
  const char *mask = (const char *)(ones_then_zeros + 4) - count * (int64_t)sizeof(T);
  const __m256i lanes = _mm256_loadu_si256((const __m256i *)mask);
  if (sizeof(T) == 8) return (V)_mm256_maskload_pd((const double *)from, lanes);
  return (V)_mm256_maskload_ps((const float *)from, lanes);
#else
  V vector = {0};
  for (int64_t i = 0; i < count; i++) vector[i] = from[i];
  return vector;
#endif
}

static TW_INLINE void G(store_part)(T *to, V vector, int64_t count) {
#if VECTOR_BYTES == 64
  const unsigned mask = (1u << count) - 1;
  if (sizeof(T) == 8) _mm512_mask_storeu_pd(to, (__mmask8)mask, (__m512d)vector);
  else _mm512_mask_storeu_ps(to, (__mmask16)mask, (__m512)vector);
#else
  T lanes[LANES];
  G(store)(lanes, vector);
  for (int64_t i = 0; i < count; i++) to[i] = lanes[i];
#endif
}

// Lane q of the result is the sum of the lanes of v[q]; the same lanes are added first for all q.
static TW_INLINE V G(sums)(V *v) {
  int count = LANES;
  if (sizeof(T) == 4) {
    count /= 2;
    UNROLL
    for (int i = 0; i < count; i++) {
      v[i] = LOW_SINGLES(v[2 * i], v[2 * i + 1]) + HIGH_SINGLES(v[2 * i], v[2 * i + 1]);
    }
  }
  count /= 2;
  UNROLL
  for (int i = 0; i < count; i++) {
    v[i] = LOW_DOUBLES(v[2 * i], v[2 * i + 1]) + HIGH_DOUBLES(v[2 * i], v[2 * i + 1]);
  }
#if VECTOR_BYTES > 16
  UNROLL
  for (count /= 2; count > 0; count /= 2) {
    UNROLL
    for (int i = 0; i < count; i++) {
      v[i] = EVEN_BLOCKS(v[2 * i], v[2 * i + 1]) + ODD_BLOCKS(v[2 * i], v[2 * i + 1]);
    }
  }
#endif
  return v[0];
}
