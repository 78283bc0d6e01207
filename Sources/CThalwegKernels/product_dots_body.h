// Columns as dot products: c[i, j] is the product of row i of a and row j of b, both of k
// neighbouring elements. A vector holds neighbouring terms, and the sums of rows x columns results
// are added up together. Pays where columns do not fill vectors, and where b would have to be
// transposed for few rows.

enum { G(MOST_SUMS) = REGISTERS / 2 };

// Adds the terms p ..< p + count, at most a vector of them.
static TW_INLINE void G(add_dots)(V *sum, const T *const *a, const T *const *b, int64_t p,
                                  int64_t count, int rows, int columns) {
  V right[4];
  UNROLL
  for (int j = 0; j < columns; j++) {
    right[j] = count == LANES ? G(load)(b[j] + p) : G(load_part)(b[j] + p, count);
  }
  UNROLL
  for (int i = 0; i < rows; i++) {
    const V left = count == LANES ? G(load)(a[i] + p) : G(load_part)(a[i] + p, count);
    UNROLL
    for (int j = 0; j < columns; j++) sum[i * columns + j] += left * right[j];
  }
}

// Only the first `actual` rows are there; the others are the last one of them once more.
static TW_INLINE void G(dots_tile)(const T *a, const T *b, T *c, int64_t c_step, int64_t k,
                                   int64_t actual, int rows, int columns) {
  const int vectors = (rows * columns + LANES - 1) / LANES;
  V sum[G(MOST_SUMS)] = {{0}};
  const T *left[G(MOST_SUMS)], *right[4];
  UNROLL
  for (int i = 0; i < rows; i++) left[i] = a + (actual >= rows ? i : tw_min(i, actual - 1)) * k;
  UNROLL
  for (int j = 0; j < columns; j++) right[j] = b + j * k;
  int64_t p = 0;
  for (; p + LANES <= k; p += LANES) G(add_dots)(sum, left, right, p, LANES, rows, columns);
  if (p < k) G(add_dots)(sum, left, right, p, k - p, rows, columns);
  T values[G(MOST_SUMS)];
  const int is_dense = rows * columns == vectors * LANES && c_step == columns && actual >= rows;
  T *target = is_dense ? c : values;
  UNROLL
  for (int v = 0; v < vectors; v++) G(store)(target + v * LANES, G(sums)(sum + v * LANES));
  if (is_dense) return;
  UNROLL
  for (int i = 0; i < rows; i++) {
    if (i < actual) memcpy(c + i * c_step, values + i * columns, (size_t)columns * sizeof(T));
  }
}

// The last tile is moved back to end at the edge: some results are computed twice.
static TW_INLINE void G(dots_strip)(const T *a, const T *b, T *c, int64_t c_step, int64_t m,
                                    int64_t k, int rows, int columns) {
  if (m < rows) {
    G(dots_tile)(a, b, c, c_step, k, m, rows, columns);
    return;
  }
  for (int64_t i = 0; i < m; i += rows) {
    i = tw_min(i, m - rows);
    G(dots_tile)(a + i * k, b, c + i * c_step, c_step, k, rows, rows, columns);
  }
}

// The rows of a tile of so many columns.
#define ROWS_1 (REGISTERS == 32 && LANES == 16 ? 16 : 8)
#define ROWS_2 (ROWS_1 / 2)
#define ROWS_3 (REGISTERS == 32 ? 5 : 2)
#define ROWS_4 (REGISTERS == 32 ? 4 : 2)
#define DOTS(columns)                                                                         \
  static void G(dots_##columns)(const T *a, const T *b, T *c, int64_t c_step, int64_t m,      \
                                int64_t k) {                                                  \
    G(dots_strip)(a, b, c, c_step, m, k, ROWS_##columns, columns);                            \
  }
DOTS(1)
DOTS(2)
DOTS(3)
DOTS(4)
#undef DOTS

static TW_INLINE void G(dots_product)(const T *a, const T *b, T *c, int64_t c_step, int64_t m,
                                      int64_t n, int64_t k) {
  switch (n) {
    case 1: G(dots_1)(a, b, c, c_step, m, k); break;
    case 2: G(dots_2)(a, b, c, c_step, m, k); break;
    case 3: G(dots_3)(a, b, c, c_step, m, k); break;
    default:
      for (int64_t j = 0; j < n; j += 4) {
        j = tw_min(j, n - 4);
        G(dots_4)(a, b + j * k, c + j, c_step, m, k);
      }
  }
}
