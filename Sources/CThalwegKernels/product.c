#include "product_internal.h"

#include <math.h>

static const tw_product_kernels *kernels_for(int32_t is_double, int32_t wanted) {
#if defined(__x86_64__)
  const int32_t best = tw_level_of_machine();
  const int32_t level = wanted == TW_LEVEL_BEST || wanted > best ? best : wanted;
  if (level == TW_LEVEL_AVX512) return &tw_product_avx512[is_double];
  if (level == TW_LEVEL_AVX2) return &tw_product_avx2[is_double];
#else
  (void)wanted;
#endif
  return &tw_product_portable[is_double];
}

static int32_t rows_of(const tw_matrix_product *s) {
  if (s->batch != 1) return TW_ROWS_MATRICES;
  if (!s->transpose_a) return TW_ROWS_OF_RESULT;
  return s->transpose_b ? TW_ROWS_NONE : TW_ROWS_CONTRACTED;
}

// The transposed product has the operands in the other order. For vectors it is the same in memory.
static void exchange(tw_matrix_product *s) {
  const tw_matrix_product old = *s;
  s->a = old.b;
  s->b = old.a;
  s->m = old.n;
  s->n = old.m;
  s->stride_a = old.stride_b;
  s->stride_b = old.stride_a;
  s->transpose_a = !old.transpose_b;
  s->transpose_b = !old.transpose_a;
}

// ---- Estimates, in cycles ------------------------------------------------------------------
// A multiply-add takes half a cycle, a square of lanes x lanes elements 1.2 a row to transpose. The
// constants are fitted to measurements; a wrong guess costs some time and nothing else.

static double tiles_cost(const tw_matrix_product *s, double lanes, double columns) {
  const double vectors = ceil(columns / lanes), panels = ceil(vectors / 4), k = (double)s->k;
  const double pack = s->transpose_b ? 15 * panels + 1.2 * lanes * vectors * ceil(k / lanes) : 0;
  return 30 * panels + pack + fmax((double)s->m * vectors / 2, 4 * panels) * k;
}

static double dots_cost(const tw_matrix_product *s, double lanes, double columns) {
  const double vectors = ceil((double)s->k / lanes);
  const double turning = s->transpose_b ? 0 : 15 + 2 * lanes * vectors;
  return 30 + turning + (double)s->m * columns * (vectors / 2 + 0.7);
}

// How many of the last columns to compute as dot products: none, a part of a vector, or all.
static int32_t best_dots(const tw_matrix_product *s, int32_t lanes) {
  const int64_t choices[2] = {s->n % lanes, s->n};
  double least = tiles_cost(s, lanes, (double)s->n);
  int64_t best = 0;
  for (int i = 0; i < 2; i++) {
    const int64_t dots = choices[i], rest = s->n - dots;
    if (!s->transpose_b && (dots > 8 || dots * s->k > TW_TURNED_COLUMNS)) continue;
    const double cost =
      dots_cost(s, lanes, (double)dots) + (rest > 0 ? tiles_cost(s, lanes, (double)rest) : 0);
    if (cost < least) {
      least = cost;
      best = dots;
    }
  }
  return (int32_t)best;
}

// Whether the transposed product fills its vectors so much better that it pays to transpose the
// result, and before that what it is added to.
static int is_better_turned(const tw_matrix_product *s, double lanes) {
  if (s->m * s->n > TW_TURNED_RESULT) return 0;
  const double m = (double)s->m, n = (double)s->n, k = (double)s->k;
  const double tall = ceil(m / lanes), wide = ceil(n / lanes);
  const double turning = n <= 4 ? 10 + m * n / 4 : 1.2 * lanes * tall * wide;
  const double pack = s->transpose_b ? 1.2 * lanes * wide * ceil(k / lanes) : 0;
  const double short_stores = n < lanes ? 2 * m : 0;
  const int turns = s->rows == TW_ROWS_CONTRACTED ? 2 : 1;
  return turns * turning + n * tall * k / 2 < pack + short_stores + m * wide * k / 2;
}

// --------------------------------------------------------------------------------------------

tw_kernel tw_plan_matrix_product(tw_matrix_product *s, int32_t is_double, int32_t level) {
  const tw_product_kernels *own = kernels_for(is_double, level);
  s->rows = rows_of(s);
  s->dots = 0;
  if (s->m == 0 || s->n == 0) return own->tiles;
  if (s->rows == TW_ROWS_CONTRACTED) {
    return is_better_turned(s, own->lanes) ? own->turned : own->tiles;
  }
  // A vector is the same in memory either way.
  if (s->m == 1) s->transpose_a = 0;
  if (s->n == 1) s->transpose_b = 1;
  if (s->k == 1) s->transpose_b = 0;
  if (s->n == 1 && s->transpose_a) exchange(s);
  if (s->m == 1) {
    if (s->rows == TW_ROWS_OF_RESULT) s->rows = TW_ROWS_NONE;
    // Few terms are transposed faster than they are added up across a vector.
    const int has_few = s->k <= 4 && s->n * s->k <= TW_TURNED_COLUMNS;
    if (!s->transpose_b || has_few) return own->row;
    exchange(s);
  }
  if (s->transpose_a) return is_better_turned(s, own->lanes) ? own->turned : own->tiles;
  s->dots = best_dots(s, own->lanes);
  return own->tiles;
}
