#include <float.h>
#include <math.h>

#include "internal.h"

// Row k holds 2 width + 1 elements from its first column on, and behind them the multipliers of the
// elimination with it. While rows are eliminated their first column is that of the step, so that
// elimination moves them by one place; a row takes part for the first time in the column where it
// begins.

static TW_INLINE void exchange(double *restrict a, double *restrict b, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    const double kept = a[i];
    a[i] = b[i];
    b[i] = kept;
  }
}

static TW_INLINE int64_t factor(double *rows, int32_t *pivots, int64_t n, const int64_t width) {
  const int64_t length = 2 * width + 1, stride = tw_band_stride(width);
  for (int64_t k = 0; k < n; k++) {
    double *restrict const row = rows + k * stride;
    const int64_t below = tw_min(width, n - 1 - k);
    int64_t pivot = 0;
    double largest = fabs(row[0]);
    for (int64_t i = 1; i <= below; i++) {
      const double size = fabs(row[i * stride]);
      if (size > largest) {
        largest = size;
        pivot = i;
      }
    }
    pivots[k] = (int32_t)pivot;
    // Written so that a NaN is found too.
    if (!(largest > DBL_MIN && largest < INFINITY)) return k + 1;
    if (pivot != 0) exchange(row, row + pivot * stride, length);
    // Multiplication is faster than division where solutions are computed.
    const double inverse = 1 / row[0];
    row[0] = inverse;
    for (int64_t i = 1; i <= below; i++) {
      double *restrict const other = row + i * stride;
      const double multiple = other[0] * inverse;
      row[length + i - 1] = multiple;
      for (int64_t j = 0; j < length - 1; j++) other[j] = other[j + 1] - multiple * row[j + 1];
      other[length - 1] = 0;
    }
    for (int64_t i = below; i < width; i++) row[length + i] = 0;
  }
  return 0;
}

// The common widths are those of one, two and three components with the nearest neighbours.
TW_CLONES int64_t tw_band_factor(double *rows, int32_t *pivots, int64_t n, int64_t width) {
  switch (width) {
    case 1: return factor(rows, pivots, n, 1);
    case 3: return factor(rows, pivots, n, 3);
    case 5: return factor(rows, pivots, n, 5);
    default: return factor(rows, pivots, n, width);
  }
}

static TW_INLINE void substitute(
  const double *rows, const int32_t *pivots, double *x, int64_t n, const int64_t width) {
  const int64_t length = 2 * width + 1, stride = tw_band_stride(width);
  for (int64_t k = 0; k < n; k++) {
    const double *const multiples = rows + k * stride + length;
    const double value = x[k + pivots[k]];
    x[k + pivots[k]] = x[k];
    x[k] = value;
    for (int64_t i = 0; i < width; i++) x[k + 1 + i] -= multiples[i] * value;
  }
  for (int64_t i = 0; i < length - 1; i++) x[n + i] = 0;
  for (int64_t k = n - 1; k >= 0; k--) {
    const double *const row = rows + k * stride;
    double value = x[k];
    // The next unknown is known last.
    for (int64_t j = length - 1; j > 0; j--) value -= row[j] * x[k + j];
    x[k] = value * row[0];
  }
}

TW_CLONES void tw_band_substitute(
  const double *rows, const int32_t *pivots, double *x, int64_t n, int64_t width) {
  switch (width) {
    case 1: return substitute(rows, pivots, x, n, 1);
    case 3: return substitute(rows, pivots, x, n, 3);
    case 5: return substitute(rows, pivots, x, n, 5);
    default: return substitute(rows, pivots, x, n, width);
  }
}

void tw_band_place(
  double *rows, const double *image, int64_t cells, int64_t components, int64_t reach,
  int64_t component, int64_t residue) {
  const int64_t width = tw_band_width(components, reach), stride = tw_band_stride(width);
  const int64_t period = 2 * reach + 1;
  for (int64_t place = 0; place < components; place++) {
    for (int64_t distance = -reach; distance <= reach; distance++) {
      // The cells whose neighbour at this distance has the residue.
      int64_t cell = (residue - distance) % period;
      if (cell < 0) cell += period;
      for (; cell < cells; cell += period) {
        if (cell + distance < 0 || cell + distance >= cells) continue;
        const int64_t row = cell * components + place;
        const int64_t column = (cell + distance) * components + component;
        const int64_t first = tw_max(0, row - width);
        rows[row * stride + column - first] = image[place * cells + cell];
      }
    }
  }
}

void tw_band_gather(double *x, const double *values, int64_t cells, int64_t components) {
  for (int64_t i = 0; i < cells; i++) {
    for (int64_t c = 0; c < components; c++) x[i * components + c] = values[c * cells + i];
  }
}

void tw_band_scatter(double *values, const double *x, int64_t cells, int64_t components) {
  for (int64_t i = 0; i < cells; i++) {
    for (int64_t c = 0; c < components; c++) values[c * cells + i] = x[i * components + c];
  }
}
