static TW_INLINE T F(uniform)(uint64_t bits) {
  const T unit = (T)1 / ((BITS)1 << (MANTISSA + 1));
  return (T)(int64_t)(bits >> (63 - MANTISSA)) * unit;
}

TW_CLONES static void F(fill_uniform)(T *result, uint64_t seed, int64_t count) {
  for (int64_t i = 0; i < count; i++) result[i] = F(uniform)(draw(seed, i));
}

// The method of Box and Muller. 1 - u is never 0, so that its logarithm is finite.
TW_CLONES static void F(fill_normal)(T *result, uint64_t seed, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    T radius = __builtin_elementwise_sqrt(-2 * F(log)(1 - F(uniform)(draw(seed, 2 * i))));
    T angle = (T)6.28318530717958647693 * F(uniform)(draw(seed, 2 * i + 1));
    result[i] = radius * F(sine)(angle, 1);
  }
}

int32_t F(tw_random)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_random *random = arguments;
  const double key = ((const double *)slots[random->key.slot])[random->key.offset];
  T *result = (T *)slots[random->result.slot] + random->result.offset;
  const uint64_t seed = seed_of(key, random->stream);
  if (random->normal) F(fill_normal)(result, seed, random->count);
  else F(fill_uniform)(result, seed, random->count);
  return 0;
}
