#define LOG2_E 1.44269504f
#define LN2_HIGH 0x1.62e4p-1f  // trailing zeros: its product with an exponent is exact
#define LN2_LOW 1.42860677e-6f
#define EXP_MIN -104.0f
#define EXP_MAX 89.0f

// (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2
static TW_INLINE float exp_polynomial_f32(float r) {
  float p = 0.0013926181810489343f;
  p = p * r + 0.0083631776299944456f;
  p = p * r + 0.041666554627878083f;
  p = p * r + 0.16666576998242925f;
  return p * r + 0.5f;
}

// (2 atanh(s) - 2 s) / s for z = s^2, as in fdlibm
static TW_INLINE float log_polynomial_f32(float z) {
  float p = 0.24279078841f;
  p = p * z + 0.28498786688f;
  p = p * z + 0.40000972152f;
  p = p * z + 0.66666662693f;
  return p * z;
}

// (log(1 + t) - t) / t^2 for 0 <= t <= 1
static TW_INLINE float log_one_plus_polynomial_f32(float t) {
  float p = 0.0020729527f;
  p = p * t + -0.013631506f;
  p = p * t + 0.041981414f;
  p = p * t + -0.08307413f;
  p = p * t + 0.124671265f;
  p = p * t + -0.16129337f;
  p = p * t + 0.19897932f;
  p = p * t + -0.2498858f;
  p = p * t + 0.3333269f;
  return p * t + -0.49999988f;
}

// sin(x + quadrant pi / 2) for |x| <= TRIGONOMETRIC_LIMIT. In double, the reduction is simple.
static TW_INLINE float sine_f32(float x, uint64_t quadrant) {
  double shifted = x * 0.63661977236758134 + 0x1.8p52;
  double whole = shifted - 0x1.8p52;
  double r = (x - whole * 1.57079632673412561417) - whole * 6.07710050650619224932e-11;
  double z = r * r;
  double s = 2.718311493989822e-6;
  s = s * z + -1.9839334836096632e-4;
  s = s * z + 8.333329385889463e-3;
  s = s * z + -0.16666666641626524;
  s = r * (1 + z * s);
  double c = 2.439044879627741e-5;
  c = c * z + -1.388676377460993e-3;
  c = c * z + 4.16666233237390631894e-2;
  c = c * z + -0.499999997251031003120;
  c = 1 + z * c;
  quadrant += bits_f64(shifted);
  double y = quadrant & 1 ? c : s;
  return (float)value_f64(bits_f64(y) ^ ((quadrant & 2) << 62));
}
