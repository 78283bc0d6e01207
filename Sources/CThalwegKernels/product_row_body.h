// One row: c[j] = sum over p of a[p] b[p, j]. Alone, a sum would wait for itself, so it is done in
// `sets` sums: of the terms p = 0, sets, ..., of p = 1, sets + 1, ... and so on.

static TW_INLINE void G(add_term)(V *sum, T a, const T *b, int64_t columns, int vectors) {
  UNROLL
  for (int v = 0; v < vectors; v++) {
    const T *from = b + (v == 0 || v < vectors - 1 ? v * LANES : columns - LANES);
    const int is_short = vectors == 1 && columns < LANES;
    sum[v] += a * (is_short ? G(load_part)(from, columns) : G(load)(from));
  }
}

// The last vector is moved back to end at the edge; the only one may be short.
static TW_INLINE void G(row_strip)(const T *a, const T *b, T *c, int64_t n, int64_t k,
                                   int64_t columns, int vectors, int sets) {
  V sum[REGISTERS / 2] = {{0}};
  int64_t p = 0;
  for (; p + sets <= k; p += sets, b += sets * n) {
    UNROLL
    for (int s = 0; s < sets; s++) {
      G(add_term)(sum + s * vectors, a[p + s], b + s * n, columns, vectors);
    }
  }
  UNROLL
  for (int s = 0; s < sets - 1; s++) {
    if (p + s < k) G(add_term)(sum + s * vectors, a[p + s], b + s * n, columns, vectors);
  }
  UNROLL
  for (int half = sets / 2; half > 0; half /= 2) {
    UNROLL
    for (int i = 0; i < half * vectors; i++) sum[i] += sum[i + half * vectors];
  }
  if (vectors == 1 && columns < LANES) {
    G(store_part)(c, sum[0], columns);
    return;
  }
  UNROLL
  for (int v = vectors - 1; v >= 0; v--) {
    G(store)(c + (v == 0 || v < vectors - 1 ? v * LANES : columns - LANES), sum[v]);
  }
}

// Up to four, as far as they leave half of the registers free.
#define FITS(vectors, sets) ((vectors) * (sets) * 2 <= REGISTERS)
#define SETS(vectors) (FITS(vectors, 4) ? 4 : FITS(vectors, 2) ? 2 : 1)
#define ROW_STRIP(vectors)                                                                   \
  static void G(row_strip_##vectors)(const T *a, const T *b, T *c, int64_t n, int64_t k,     \
                                     int64_t columns) {                                      \
    G(row_strip)(a, b, c, n, k, columns, vectors, SETS(vectors));                            \
  }
ROW_STRIP(1)
ROW_STRIP(2)
ROW_STRIP(3)
ROW_STRIP(4)
ROW_STRIP(5)
ROW_STRIP(6)
ROW_STRIP(7)
ROW_STRIP(8)
#undef FITS
#undef SETS
#undef ROW_STRIP

static TW_INLINE void G(row_product)(const T *a, const T *b, T *c, int64_t n, int64_t k) {
  static void (*const strips[])(const T *, const T *, T *, int64_t, int64_t, int64_t) = {
    G(row_strip_1), G(row_strip_2), G(row_strip_3), G(row_strip_4),
    G(row_strip_5), G(row_strip_6), G(row_strip_7), G(row_strip_8)};
  enum { HALF = 4 * LANES };
  int64_t rest = n;
  for (; rest > 2 * HALF; b += HALF, c += HALF, rest -= HALF) strips[3](a, b, c, n, k, HALF);
  strips[(rest - 1) / LANES](a, b, c, n, k, rest);
}
