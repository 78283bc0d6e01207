// No function here branches, so that loops over them vectorise.

// The power of two is applied in two halves: either may be out of range where the result is not.
static TW_INLINE T F(exp)(T x) {
  x = x > EXP_MAX ? EXP_MAX : x;
  x = x < EXP_MIN ? EXP_MIN : x;
  T whole = (x * LOG2_E + SHIFT) - SHIFT;
  T r = (x - whole * LN2_HIGH) - whole * LN2_LOW;
  T e = 1 + (r + r * r * F(exp_polynomial)(r));
  T half = (whole * (T)0.5 + SHIFT) - SHIFT;
  return e * F(power_of_two)(half) * F(power_of_two)(whole - half);
}

// f - log(1 + f) - low for sqrt(1/2) <= 1 + f <= sqrt(2)
static TW_INLINE T F(log_correction)(T f, T low) {
  T s = f / (2 + f);
  T square = (T)0.5 * f * f;
  return square - (s * (square + F(log_polynomial)(s * s)) + low);
}

static TW_INLINE T F(log)(T x) {
  const BITS low_end = F(bits)((T)0.70710678118654752440), one = F(bits)((T)1);
  const BITS fraction = ((BITS)1 << MANTISSA) - 1;
  const T two_to_mantissa = (T)((BITS)1 << MANTISSA);
  const T smallest_normal = F(value)((BITS)1 << MANTISSA);
  const T infinity = (T)__builtin_inf();
  int subnormal = x < smallest_normal;
  BITS bits = F(bits)(subnormal ? x * two_to_mantissa : x) + (one - low_end);
  // The exponent is below 2^MANTISSA, so it becomes a number by way of the mantissa's bits.
  T exponent = F(value)(F(bits)(two_to_mantissa) | (bits >> MANTISSA)) - two_to_mantissa;
  exponent -= subnormal ? (T)(BIAS + MANTISSA) : (T)BIAS;
  T f = F(value)((bits & fraction) + low_end) - 1;
  T y = exponent * LN2_HIGH - (F(log_correction)(f, exponent * LN2_LOW) - f);
  y = x > 0 ? y : (x == 0 ? -infinity : (T)__builtin_nan(""));
  return x < infinity ? y : x;
}

// e / (e + 2) where e = exp(2 |x|) - 1, which is formed without cancellation near 0.
static TW_INLINE T F(tanh)(T x) {
  T a = 2 * __builtin_elementwise_abs(x);
  a = a > 40 ? 40 : a;
  T whole = (a * LOG2_E + SHIFT) - SHIFT;
  T r = (a - whole * LN2_HIGH) - whole * LN2_LOW;
  T p = r + r * r * F(exp_polynomial)(r);
  T scale = F(power_of_two)(whole);
  T e = scale * p + (scale - 1);
  return __builtin_elementwise_copysign(e / (e + 2), x);
}

// The exponential of what is not positive does not overflow where the result is still above 0.
static TW_INLINE T F(sigmoid)(T x) {
  T t = F(exp)(-__builtin_elementwise_abs(x));
  return (x < 0 ? t : 1) / (1 + t);
}

// log(1 + t) for 0 <= t <= 1, accurate relative to t
static TW_INLINE T F(log_one_plus)(T t) { return t + t * t * F(log_one_plus_polynomial)(t); }

static TW_INLINE T F(softplus)(T x) {
  T t = F(exp)(x > 0 ? -x : x);
  return (x < 0 ? 0 : x) + F(log_one_plus)(t);
}
