// Tiles of rows x vectors sums that stay in registers while all terms pass by. A sum begins with 0,
// or with what c holds, and adds the terms p = 0, 1, ..., in whatever tile it is.

// c = op(a) op(b), or what is added to it.
typedef struct {
  const T *a, *b;
  T *c;
  int64_t m, n, k;
  int64_t a_step, b_step, c_step;  // between rows, as stored
  int transpose_a, transpose_b, adds;
} G(matrices);

// A few columns of b and c. The last vector of several is moved back to end at the edge, the only
// one may be short.
typedef struct {
  const T *a, *b;
  T *c;
  int64_t m, k, a_step, b_step, c_step;
  int64_t b_last, c_last;  // where the last vector begins
  int64_t part;            // lanes of a short one
  int adds;
} G(panel);

static TW_INLINE void G(tile)(const G(panel) *s, const T *a, T *c, int rows, int vectors,
                              int transposed, int is_short) {
  V sum[REGISTERS];
  UNROLL
  for (int r = 0; r < rows; r++) {
    UNROLL
    for (int v = 0; v < vectors; v++) {
      const T *from = c + r * s->c_step + (v == 0 || v < vectors - 1 ? v * LANES : s->c_last);
      V start = {0};
      if (s->adds) start = is_short ? G(load_part)(from, s->part) : G(load)(from);
      sum[r * vectors + v] = start;
    }
  }
  const T *b = s->b;
  const int64_t row_step = transposed ? 1 : s->a_step, column_step = transposed ? s->a_step : 1;
  for (int64_t p = 0; p < s->k; p++, a += column_step, b += s->b_step) {
    V right[WIDEST];
    UNROLL
    for (int v = 0; v < vectors; v++) {
      const T *from = b + (v == 0 || v < vectors - 1 ? v * LANES : s->b_last);
      right[v] = is_short ? G(load_part)(from, s->part) : G(load)(from);
    }
    UNROLL
    for (int r = 0; r < rows; r++) {
      UNROLL
      for (int v = 0; v < vectors; v++) sum[r * vectors + v] += a[r * row_step] * right[v];
    }
  }
  // The last vector first: a kernel that reads the first columns at once finds them in one piece.
  UNROLL
  for (int r = 0; r < rows; r++) {
    UNROLL
    for (int v = vectors - 1; v >= 0; v--) {
      T *to = c + r * s->c_step + (v == 0 || v < vectors - 1 ? v * LANES : s->c_last);
      if (is_short) G(store_part)(to, sum[r * vectors + v], s->part);
      else G(store)(to, sum[r * vectors + v]);
    }
  }
}

#define TILE(count) \
  case count: if (count <= most) G(tile)(s, a, c, count, vectors, transposed, is_short); break;

// Tiles of up to `most` rows, the last two alike.
static TW_INLINE void G(strip)(const G(panel) *s, int vectors, int most, int transposed,
                               int is_short) {
  const T *a = s->a;
  T *c = s->c;
  for (int64_t rest = s->m, rows; rest > 0; rest -= rows) {
    rows = rest >= 2 * most ? most : rest > most ? (rest + 1) / 2 : rest;
    switch (rows) {
      TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
      TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)
    }
    a += transposed ? rows : rows * s->a_step;
    c += rows * s->c_step;
  }
}

#define STRIPS(name, vectors, is_short)                                   \
  static void G(strip_##name)(const G(panel) *s) {                        \
    G(strip)(s, vectors, MOST_##vectors, 0, is_short);                    \
  }                                                                       \
  static void G(strip_transposed_##name)(const G(panel) *s) {             \
    G(strip)(s, vectors, MOST_##vectors, 1, is_short);                    \
  }
#define BOTH(name) {G(strip_##name), G(strip_transposed_##name)}
STRIPS(short, 1, 1)
STRIPS(1, 1, 0)
STRIPS(2, 2, 0)
#if WIDEST > 2
STRIPS(3, 3, 0)
STRIPS(4, 4, 0)
#endif

// By vectors, of which 0 is less than one, and by whether a is transposed.
static void (*const G(strips)[WIDEST + 1][2])(const G(panel) *s) = {
  BOTH(short), BOTH(1), BOTH(2),
#if WIDEST > 2
  BOTH(3), BOTH(4),
#endif
};

// Writes columns of a transposed b as rows of `vectors` vectors. A short one is filled up with what
// is never used.
static TW_INLINE void G(pack)(T *panel, const T *b, int64_t step, int64_t k, int64_t columns,
                              int vectors) {
  const int64_t wide = (int64_t)vectors * LANES;
  if (columns < LANES) {
    G(transpose)(panel, wide, b, step, columns, k);
    return;
  }
  const int64_t head = wide - LANES;
  if (head > 0) G(transpose)(panel, wide, b, step, head, k);
  G(transpose)(panel + head, wide, b + (columns - LANES) * step, step, LANES, k);
}

// How many of the vectors that are left make up the next panel.
static TW_INLINE int G(next_panel)(int64_t vectors) {
  if (vectors <= WIDEST) return (int)vectors;
  return vectors < 2 * WIDEST ? (int)(vectors + 1) / 2 : WIDEST;
}

// The terms are taken in turns, so that a panel of b stays in cache: a sum that goes on from what c
// holds is the same number as one that never left the registers.
static TW_INLINE void G(tile_product)(const G(matrices) *s) {
  enum { TERMS = 256 };
  _Alignas(64) T packed[TERMS * WIDEST * LANES];
  int64_t p = 0;
  do {
    const T *a = s->a + (s->transpose_a ? p * s->a_step : p);
    const int64_t k = tw_min(s->k - p, TERMS);
    int64_t vectors = (s->n + LANES - 1) / LANES;
    for (int64_t j = 0; j < s->n;) {
      const int take = G(next_panel)(vectors);
      const int64_t columns = tw_min(s->n - j, take * LANES), last = columns - LANES;
      G(panel) panel = {
        a, s->b + p * s->b_step + j, s->c + j, s->m, k, s->a_step, s->b_step, s->c_step,
        last, last, columns, s->adds || p > 0};
      if (s->transpose_b) {
        G(pack)(packed, s->b + j * s->b_step + p, s->b_step, k, columns, take);
        panel.b = packed;
        panel.b_step = take * LANES;
        panel.b_last = (take - 1) * LANES;
      }
      G(strips)[columns < LANES ? 0 : take][s->transpose_a](&panel);
      vectors -= take;
      j += columns;
    }
    p += k;
  } while (p < s->k);
}

#undef TILE
#undef STRIPS
#undef BOTH
