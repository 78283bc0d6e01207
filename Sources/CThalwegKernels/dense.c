#include <float.h>
#include <math.h>

#include "internal.h"

static TW_INLINE void subtract_multiple(
  double *restrict column, double factor, const double *restrict other, int64_t first, int64_t n) {
  for (int64_t i = first; i < n; i++) column[i] -= factor * other[i];
}

static TW_INLINE void exchange(double *a, double *b) {
  const double kept = *a;
  *a = *b;
  *b = kept;
}

// The largest element of each row, and of each column in units of those.
static TW_INLINE void measure(const double *matrix, double *rows, double *columns, int64_t n) {
  for (int64_t i = 0; i < n; i++) rows[i] = 0;
  for (int64_t j = 0; j < n; j++) {
    for (int64_t i = 0; i < n; i++) rows[i] = fmax(rows[i], fabs(matrix[j * n + i]));
  }
  for (int64_t i = 0; i < n; i++) rows[i] = rows[i] > 0 ? 1 / rows[i] : 0;
  for (int64_t j = 0; j < n; j++) {
    columns[j] = 0;
    for (int64_t i = 0; i < n; i++) {
      columns[j] = fmax(columns[j], fabs(matrix[j * n + i]) * rows[i]);
    }
  }
}

TW_CLONES int64_t tw_factor(double *matrix, int32_t *pivots, double *scratch, int64_t n) {
  double *const rows = scratch, *const columns = scratch + n;
  measure(matrix, rows, columns, n);
  for (int64_t k = 0; k < n; k++) {
    double *const column = matrix + k * n;
    int64_t pivot = k;
    for (int64_t i = k + 1; i < n; i++) {
      if (fabs(column[i]) * rows[i] > fabs(column[pivot]) * rows[pivot]) pivot = i;
    }
    pivots[k] = (int32_t)pivot;
    const double size = fabs(column[pivot]) * rows[pivot];
    // Written so that a NaN is found too.
    if (!(size > (double)n * DBL_EPSILON * columns[k] && size < INFINITY)) return k + 1;
    if (pivot != k) {
      exchange(&rows[k], &rows[pivot]);
      for (int64_t j = 0; j < n; j++) exchange(&matrix[j * n + k], &matrix[j * n + pivot]);
    }
    for (int64_t i = k + 1; i < n; i++) column[i] /= column[k];
    for (int64_t j = k + 1; j < n; j++) {
      subtract_multiple(matrix + j * n, matrix[j * n + k], column, k + 1, n);
    }
  }
  return 0;
}

TW_CLONES void tw_substitute(const double *matrix, const int32_t *pivots, double *x, int64_t n) {
  for (int64_t k = 0; k < n; k++) {
    if (pivots[k] != k) exchange(&x[k], &x[pivots[k]]);
  }
  for (int64_t k = 0; k < n; k++) subtract_multiple(x, x[k], matrix + k * n, k + 1, n);
  for (int64_t k = n - 1; k >= 0; k--) {
    x[k] /= matrix[k * n + k];
    const double value = x[k];
    for (int64_t i = 0; i < k; i++) x[i] -= value * matrix[k * n + i];
  }
}
