// As whole numbers, magnitudes are in order, and those of NaN come last.
static TW_INLINE int F(is_beyond)(T value, BITS limit) {
  return (F(bits)(value) & ~((BITS)1 << (8 * sizeof(T) - 1))) >= limit;
}

TW_CLONES static int F(any_beyond)(const T *values, int64_t count, BITS limit) {
  BITS any = 0;
  for (int64_t i = 0; i < count; i++) any |= F(is_beyond)(values[i], limit);
  return any != 0;
}

// Looks at whole blocks first; only the block with a hit is searched.
int64_t F(tw_first_beyond)(const T *values, int64_t count, double limit) {
  const BITS bits = F(bits)((T)limit);
  for (int64_t start = 0; start < count; start += 1024) {
    const int64_t length = tw_min(1024, count - start);
    if (!F(any_beyond)(values + start, length, bits)) continue;
    for (int64_t i = start; i < count; i++) {
      if (F(is_beyond)(values[i], bits)) return i;
    }
  }
  return -1;
}
