#ifndef THALWEG_BANDS_H
#define THALWEG_BANDS_H

#include <stdint.h>

// Systems of linear equations along a chain of cells, each of which has some components and knows
// its neighbours up to a distance, the reach. Unknowns of a cell stand together, so that the matrix
// has non-zero elements only near its diagonal; vectors come and go with the cells of a component
// together.

// The diagonals of the matrix on either side.
static inline int64_t tw_band_width(int64_t components, int64_t reach) {
  return (reach + 1) * components - 1;
}
// The elements between the rows of a matrix and of its factors.
static inline int64_t tw_band_stride(int64_t width) { return 3 * width + 1; }
// The elements of a vector that is substituted into, of which the last ones are room.
static inline int64_t tw_band_room(int64_t n, int64_t width) { return n + 2 * width + 1; }

// Writes the elements of the columns of a component in every cell whose number has a residue modulo
// 2 reach + 1, the sum of which is `image`. The matrix must be zero before the first of them.
void tw_band_place(
  double *rows, const double *image, int64_t cells, int64_t components, int64_t reach,
  int64_t component, int64_t residue);
// Overwrites a matrix with its factors and says which rows changed places. Returns 0, or the number,
// from 1, of the column without a pivot.
int64_t tw_band_factor(double *rows, int32_t *pivots, int64_t n, int64_t width);
// Overwrites x with the solution of the system whose right side it is.
void tw_band_substitute(
  const double *rows, const int32_t *pivots, double *x, int64_t n, int64_t width);
// Brings the unknowns of a cell together, and those of a component.
void tw_band_gather(double *x, const double *values, int64_t cells, int64_t components);
void tw_band_scatter(double *values, const double *x, int64_t cells, int64_t components);

#endif
