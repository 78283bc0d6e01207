// The exponent of NaN and of infinity has all bits set.
static TW_INLINE int F(is_nonfinite)(T value) {
  const BITS exponent = ((BITS)2 * BIAS + 1) << MANTISSA;
  return (F(bits)(value) & exponent) == exponent;
}

TW_CLONES static int F(any_nonfinite)(const T *values, int64_t count) {
  BITS any = 0;
  for (int64_t i = 0; i < count; i++) any |= F(is_nonfinite)(values[i]);
  return any != 0;
}

// Looks at whole blocks first; only the block with a hit is searched.
int64_t F(tw_first_nonfinite)(const T *values, int64_t count) {
  for (int64_t start = 0; start < count; start += 1024) {
    const int64_t length = tw_min(1024, count - start);
    if (!F(any_nonfinite)(values + start, length)) continue;
    for (int64_t i = start; i < count; i++) {
      if (F(is_nonfinite)(values[i])) return i;
    }
  }
  return -1;
}
