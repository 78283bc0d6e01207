// The transforms of Winograd's method F(4x4, 3x3): 4 x 4 pixels of the result from 6 x 6 of the
// image with one product for each of 36 points, instead of one for each of 144 pairs.
//
//   result = A' [(G kernel G') . (B' image B)] A
//
// The matrices belong to the points 0, +-a, +-b and infinity (A. Lavin, S. Gray, "Fast algorithms
// for convolutional neural networks", arXiv:1509.09308). With a = 5/8 and b = 3/2, rounding errors
// are less than half of what they are with the usual 1 and 2, and all of A and B is exact.

#undef POINT_A
#undef POINT_B
#undef A2
#undef B2
#undef SCALE_A
#undef SCALE_B
#define POINT_A ((T)0.625)
#define POINT_B ((T)1.5)
#define A2 (POINT_A * POINT_A)
#define B2 (POINT_B * POINT_B)
#define SCALE_A (1 / (2 * A2 * (A2 - B2)))
#define SCALE_B (1 / (2 * B2 * (B2 - A2)))

// Each transforms vectors that are `step` apart, in place.

// B' x: 6 vectors from 6.
static TW_INLINE void G(image_points)(V *x, int step) {
  const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step], x4 = x[4 * step];
  const V even_a = x4 - B2 * x2, odd_a = POINT_A * (x3 - B2 * x1);
  const V even_b = x4 - A2 * x2, odd_b = POINT_B * (x3 - A2 * x1);
  x[0] = (x4 - (A2 + B2) * x2) + A2 * B2 * x0;
  x[5 * step] = (x[5 * step] - (A2 + B2) * x3) + A2 * B2 * x1;
  x[step] = even_a + odd_a;
  x[2 * step] = even_a - odd_a;
  x[3 * step] = even_b + odd_b;
  x[4 * step] = even_b - odd_b;
}

// A' x: 4 vectors from 6.
static TW_INLINE void G(points_result)(V *x, int step) {
  const V even_a = x[step] + x[2 * step], odd_a = POINT_A * (x[step] - x[2 * step]);
  const V even_b = x[3 * step] + x[4 * step], odd_b = POINT_B * (x[3 * step] - x[4 * step]);
  const V last = x[5 * step];
  x[0] += even_a + even_b;
  x[step] = odd_a + odd_b;
  x[2 * step] = A2 * even_a + B2 * even_b;
  x[3 * step] = (A2 * odd_a + B2 * odd_b) + last;
}

// G x: 6 vectors from 3.
static TW_INLINE void G(kernel_points)(V *x, int step) {
  const V x0 = x[0], x1 = x[step], x2 = x[2 * step];
  const V even_a = SCALE_A * x0 + SCALE_A * A2 * x2, odd_a = SCALE_A * POINT_A * x1;
  const V even_b = SCALE_B * x0 + SCALE_B * B2 * x2, odd_b = SCALE_B * POINT_B * x1;
  x[0] = 1 / (A2 * B2) * x0;
  x[step] = even_a + odd_a;
  x[2 * step] = even_a - odd_a;
  x[3 * step] = even_b + odd_b;
  x[4 * step] = even_b - odd_b;
  x[5 * step] = x2;
}

// A x: 6 vectors from 4, the adjoint of the transform of results.
static TW_INLINE void G(result_points)(V *x, int step) {
  const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step];
  const V even_a = x0 + A2 * x2, odd_a = POINT_A * (x1 + A2 * x3);
  const V even_b = x0 + B2 * x2, odd_b = POINT_B * (x1 + B2 * x3);
  x[step] = even_a + odd_a;
  x[2 * step] = even_a - odd_a;
  x[3 * step] = even_b + odd_b;
  x[4 * step] = even_b - odd_b;
  x[5 * step] = x3;
}

// G' x: 3 vectors from 6, the adjoint of the transform of kernels.
static TW_INLINE void G(points_kernel)(V *x, int step) {
  const V even_a = SCALE_A * (x[step] + x[2 * step]), odd_a = SCALE_A * (x[step] - x[2 * step]);
  const V even_b = SCALE_B * (x[3 * step] + x[4 * step]);
  const V odd_b = SCALE_B * (x[3 * step] - x[4 * step]);
  x[0] = 1 / (A2 * B2) * x[0] + (even_a + even_b);
  x[step] = POINT_A * odd_a + POINT_B * odd_b;
  x[2 * step] = (A2 * even_a + B2 * even_b) + x[5 * step];
}
