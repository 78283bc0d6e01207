// Multiply-adds on independent accumulators, for one ELEMENT, vectors of BITS and a TARGET.

TARGET static void NAME(multiply_add)(int64_t rounds) {
  typedef ELEMENT vector __attribute__((vector_size(BITS / 8)));
  vector sums[ACCUMULATORS];
  // Equal accumulators would be computed once, and one at its fixed point not at all.
  for (int i = 0; i < ACCUMULATORS; i++) sums[i] = (vector){0} + (ELEMENT)(i + 2);
  const vector factor = (vector){0} + (ELEMENT)FACTOR, summand = (vector){0} + (ELEMENT)SUMMAND;
  for (int64_t round = 0; round < rounds * ROUND; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < ACCUMULATORS; i++) sums[i] = sums[i] * factor + summand;
  }
  vector total = {0};
  for (int i = 0; i < ACCUMULATORS; i++) total += sums[i];
  sink = (double)total[0];
}

#undef BITS
#undef ACCUMULATORS
#undef TARGET
#undef SUFFIX
