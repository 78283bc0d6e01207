static TW_INLINE BITS F(bits)(T value) {
  BITS bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static TW_INLINE T F(value)(BITS bits) {
  T value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// For whole numbers whose power of two is a normal number.
static TW_INLINE T F(power_of_two)(T whole) {
  return F(value)((F(bits)(whole + SHIFT) + BIAS) << MANTISSA);
}
