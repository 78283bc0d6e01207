#ifndef THALWEG_VECTORS_H
#define THALWEG_VECTORS_H

#include <stdint.h>

// What solvers of equations do with vectors. Sums are taken in double precision, in an order that
// depends on the length alone.

// sum of a[i] b[i]
double tw_dot_f32(const float *a, const float *b, int64_t count);
double tw_dot_f64(const double *a, const double *b, int64_t count);

// sums[j] += sum of basis[j * stride + i] w[i]
void tw_dots_f32(
  double *sums, const float *basis, int64_t stride, int64_t vectors, const float *w, int64_t count);
void tw_dots_f64(
  double *sums, const double *basis, int64_t stride, int64_t vectors, const double *w,
  int64_t count);

// w[i] += sign * sum over j of factors[j] basis[j * stride + i]
void tw_combine_f32(
  float *w, double sign, const double *factors, const float *basis, int64_t stride,
  int64_t vectors, int64_t count);
void tw_combine_f64(
  double *w, double sign, const double *factors, const double *basis, int64_t stride,
  int64_t vectors, int64_t count);

// result[i] = a x[i] + b y[i]; the result may be x or y
void tw_blend_f32(
  float *result, double a, const float *x, double b, const float *y, int64_t count);
void tw_blend_f64(
  double *result, double a, const double *x, double b, const double *y, int64_t count);

// sum of (x[i] / (absolute + relative |scale[i]|))^2
double tw_weighed_square_f32(
  const float *x, const float *scale, double absolute, double relative, int64_t count);
double tw_weighed_square_f64(
  const double *x, const double *scale, double absolute, double relative, int64_t count);

// Overwrites a column-major matrix with its factors L and U and says which rows changed places. Rows
// are compared in units of their largest element; `scratch` has 2 n elements. Returns 0, or the
// number, from 1, of the column that depends on those before it as far as rounding lets one see.
int64_t tw_factor(double *matrix, int32_t *pivots, double *scratch, int64_t n);
// Overwrites x with the solution of the system whose matrix was factored and whose right side x is.
void tw_substitute(const double *matrix, const int32_t *pivots, double *x, int64_t n);

#endif
