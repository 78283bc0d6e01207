#undef LOG2_E
#undef LN2_HIGH
#undef LN2_LOW
#undef EXP_MIN
#undef EXP_MAX
#define LOG2_E 1.44269504088896340736
#define LN2_HIGH 6.93147180369123816490e-01  // trailing zeros, as for float
#define LN2_LOW 1.90821492927058770002e-10
#define EXP_MIN -746.0
#define EXP_MAX 710.0

// (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2
static TW_INLINE double exp_polynomial_f64(double r) {
  double p = 2.5100383195867021335e-8;
  p = p * r + 2.7620085455018415689e-7;
  p = p * r + 2.7557268464831626452e-6;
  p = p * r + 2.4801521302241083138e-5;
  p = p * r + 1.9841269863050505549e-4;
  p = p * r + 1.3888888917209671046e-3;
  p = p * r + 8.3333333333300624555e-3;
  p = p * r + 4.1666666666624135973e-2;
  p = p * r + 0.16666666666666667453;
  return p * r + 0.50000000000000010219;
}

// (2 atanh(s) - 2 s) / s for z = s^2, as in fdlibm
static TW_INLINE double log_polynomial_f64(double z) {
  double p = 1.479819860511658591e-01;
  p = p * z + 1.531383769920937332e-01;
  p = p * z + 1.818357216161805012e-01;
  p = p * z + 2.222219843214978396e-01;
  p = p * z + 2.857142874366239149e-01;
  p = p * z + 3.999999999940941908e-01;
  p = p * z + 6.666666666666735130e-01;
  return p * z;
}

// (log(1 + t) - t) / t^2 for 0 <= t <= 1
static TW_INLINE double log_one_plus_polynomial_f64(double t) {
  double p = 3.496499999517753e-05;
  p = p * t + -0.00038701111085803037;
  p = p * t + 0.002030846248409763;
  p = p * t + -0.006761419498849802;
  p = p * t + 0.016177448292083774;
  p = p * t + -0.030006248922024147;
  p = p * t + 0.045718328874219644;
  p = p * t + -0.06024571849605114;
  p = p * t + 0.07206052783890503;
  p = p * t + -0.0816358369873179;
  p = p * t + 0.09044038405818781;
  p = p * t + -0.09989940978337618;
  p = p * t + 0.11109469727104494;
  p = p * t + -0.12499802193640867;
  p = p * t + 0.14285697368176903;
  p = p * t + -0.1666666569676973;
  p = p * t + 0.19999999965822401;
  p = p * t + -0.2499999999935962;
  p = p * t + 0.33333333333328546;
  return p * t + -0.49999999999999994;
}

// sin(r + tail) for |r| <= pi / 4, as in fdlibm
static TW_INLINE double sine_polynomial_f64(double r, double z, double tail) {
  double p = 1.58969099521155010221e-10;
  p = p * z + -2.50507602534068634195e-08;
  p = p * z + 2.75573137070700676789e-06;
  p = p * z + -1.98412698298579493134e-04;
  p = p * z + 8.33333333332248946124e-03;
  double cube = z * r;
  return r - ((z * (0.5 * tail - cube * p) - tail) - cube * -1.66666666666666324348e-01);
}

static TW_INLINE double cosine_polynomial_f64(double r, double z, double tail) {
  double p = -1.13596475577881948265e-11;
  p = p * z + 2.08757232129817482790e-09;
  p = p * z + -2.75573143513906633035e-07;
  p = p * z + 2.48015872894767294178e-05;
  p = p * z + -1.38888888888741095749e-03;
  p = p * z + 4.16666666666666019037e-02;
  double half = 0.5 * z;
  double rest = 1 - half;
  return rest + (((1 - rest) - half) + (z * (z * p) - r * tail));
}

// sin(x + quadrant pi / 2) for |x| <= TRIGONOMETRIC_LIMIT. pi / 2 is subtracted in three parts of
// which the first two have 33 bits, so that their products with `whole` are exact.
static TW_INLINE double sine_f64(double x, uint64_t quadrant) {
  double shifted = x * 0.63661977236758134 + 0x1.8p52;
  double whole = shifted - 0x1.8p52;
  double first = x - whole * 1.57079632673412561417e+00;
  double second = whole * 6.07710050630396597660e-11;
  double r = first - second;
  double lost = (first - r) - second;
  double third = whole * 2.02226624879595063154e-21 - lost;
  double head = r - third;
  double tail = (r - head) - third;
  double z = head * head;
  quadrant += bits_f64(shifted);
  double s = sine_polynomial_f64(head, z, tail);
  double y = quadrant & 1 ? cosine_polynomial_f64(head, z, tail) : s;
  return value_f64(bits_f64(y) ^ ((quadrant & 2) << 62));
}
