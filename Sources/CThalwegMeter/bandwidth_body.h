// Passes over three arrays, for vectors of BITS and a TARGET.

TARGET static void NAME(triad_)(float *a, const float *b, const float *c, int64_t count) {
  typedef float vector __attribute__((vector_size(BITS / 8), may_alias));
  const int64_t length = BITS / 32;
  for (int64_t i = 0; i < count; i += length) {
    *(vector *)(a + i) = *(const vector *)(b + i) + 3.0f * *(const vector *)(c + i);
  }
}

TARGET static void NAME(stream_)(float *a, const float *b, const float *c, int64_t count) {
  typedef float vector __attribute__((vector_size(BITS / 8), may_alias));
  const int64_t length = BITS / 32;
  for (int64_t i = 0; i < count; i += length) {
    const vector sum = *(const vector *)(b + i) + 3.0f * *(const vector *)(c + i);
    __builtin_nontemporal_store(sum, (vector *)(a + i));
  }
}

#undef BITS
#undef TARGET
