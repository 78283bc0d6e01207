// Small products, computed in tiles of `rows` x `width` sums that stay in registers. Every sum
// runs over p = 0, 1, ..., so the tile that an element falls into does not change its value. The
// last tile of a row or column is moved back to end at the edge: some elements are computed twice.

// op(a) has element (i, p) at i * row_step + p * column_step; b and c are row-major.
typedef struct {
  const T *a, *b;
  T *c;
  int64_t row_step, column_step, m, n, k;
} F(small);

#define TILE(width)                                                                            \
  typedef T F(vector##width)                                                                   \
    __attribute__((vector_size(width * sizeof(T)), aligned(sizeof(T)), may_alias));            \
  static TW_INLINE void F(tile##width)(const F(small) *s, int64_t i, int64_t j, int rows) {    \
    F(vector##width) sum[4] = {{0}};                                                           \
    const T *a = s->a + i * s->row_step;                                                       \
    const T *b = s->b + j;                                                                     \
    for (int64_t p = 0; p < s->k; p++, a += s->column_step, b += s->n) {                       \
      const F(vector##width) row = *(const F(vector##width) *)b;                               \
      _Pragma("clang loop unroll(full)")                                                       \
      for (int r = 0; r < rows; r++) sum[r] += a[r * s->row_step] * row;                       \
    }                                                                                          \
    _Pragma("clang loop unroll(full)")                                                         \
    for (int r = 0; r < rows; r++) {                                                           \
      *(F(vector##width) *)(s->c + (i + r) * s->n + j) = sum[r];                               \
    }                                                                                          \
  }                                                                                            \
  static TW_INLINE void F(strip##width)(const F(small) *s, int64_t i, int rows) {              \
    int64_t j = 0;                                                                             \
    for (; j + width < s->n; j += width) F(tile##width)(s, i, j, rows);                        \
    F(tile##width)(s, i, s->n - width, rows);                                                  \
  }
TILE(1)
TILE(2)
TILE(4)
TILE(8)
TILE(16)
TILE(32)
TILE(64)

// The widest strip is 256 bytes for one row, 128 for more: what fits the registers.
static TW_INLINE void F(strip)(const F(small) *s, int64_t i, int rows) {
  const int64_t widest = (rows == 1 ? 256 : 128) / sizeof(T);
  if (s->n >= 64 && widest >= 64) F(strip64)(s, i, rows);
  else if (s->n >= 32 && widest >= 32) F(strip32)(s, i, rows);
  else if (s->n >= 16) F(strip16)(s, i, rows);
  else if (s->n >= 8) F(strip8)(s, i, rows);
  else if (s->n >= 4) F(strip4)(s, i, rows);
  else if (s->n >= 2) F(strip2)(s, i, rows);
  else F(strip1)(s, i, rows);
}

static TW_INLINE void F(strips)(const F(small) *s, int rows) {
  int64_t i = 0;
  for (; i + rows < s->m; i += rows) F(strip)(s, i, rows);
  F(strip)(s, s->m - rows, rows);
}

TW_CLONES static void F(small_product)(const F(small) *s) {
  if (s->m >= 4) F(strips)(s, 4);
  else if (s->m >= 2) F(strips)(s, 2);
  else F(strips)(s, 1);
}

// Products with a transposed b (n x k) and few terms: constant k lets the loop over j vectorise.
static TW_INLINE void F(short_dots)(const F(small) *s, int64_t k) {
  for (int64_t i = 0; i < s->m; i++) {
    const T *a = s->a + i * s->row_step;
    T *c = s->c + i * s->n, factor[4];
    for (int64_t p = 0; p < k; p++) factor[p] = a[p * s->column_step];
    TW_VECTORS
    for (int64_t j = 0; j < s->n; j++) {
      T sum = factor[0] * s->b[j * k];
      for (int64_t p = 1; p < k; p++) sum += factor[p] * s->b[j * k + p];
      c[j] = sum;
    }
  }
}

TW_CLONES static void F(short_transposed)(const F(small) *s) {
  switch (s->k) {
    case 1: F(short_dots)(s, 1); break;
    case 2: F(short_dots)(s, 2); break;
    case 3: F(short_dots)(s, 3); break;
    default: F(short_dots)(s, 4);
  }
}

// Turns b (n x k) into `copy` (k x n).
TW_CLONES static void F(transpose)(T *restrict copy, const T *b, int64_t n, int64_t k) {
  for (int64_t p = 0; p < k; p++) {
    for (int64_t j = 0; j < n; j++) copy[p * n + j] = b[j * k + p];
  }
}
