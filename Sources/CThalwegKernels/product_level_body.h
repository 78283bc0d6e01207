// The kernels of one type at one level of instructions.

// One product of those that a call is to compute.
typedef struct {
  const T *a, *b;
  T *c;
  int64_t m, k, count;  // this one included
  int adds;             // whether it is added to what c holds
} G(work);

static TW_INLINE G(work) G(first)(const tw_matrix_product *s, void *const *slots,
                                  const tw_part *part) {
  G(work) w = {
    (const T *)slots[s->a.slot] + s->a.offset, (const T *)slots[s->b.slot] + s->b.offset,
    (T *)slots[s->c.slot] + s->c.offset, s->m, s->k, 1, 0};
  const int64_t begin = part->begin, extent = part->end - begin;
  if (s->rows == TW_ROWS_OF_RESULT) {
    w.a += begin * s->k;
    w.c += begin * s->n;
    w.m = extent;
  } else if (s->rows == TW_ROWS_CONTRACTED) {
    w.a += begin * s->m;
    w.b += begin * s->n;
    w.k = extent;
    w.adds = !part->first;
  } else if (s->rows == TW_ROWS_MATRICES) {
    w.a += begin * s->stride_a;
    w.b += begin * s->stride_b;
    w.c += begin * s->stride_c;
    w.count = extent;
  }
  return w;
}

static TW_INLINE void G(next)(const tw_matrix_product *s, G(work) *w) {
  w->a += s->stride_a;
  w->b += s->stride_b;
  w->c += s->stride_c;
  w->count--;
}

static int32_t G(row)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_matrix_product *s = arguments;
  for (G(work) w = G(first)(s, slots, part); w.count > 0; G(next)(s, &w)) {
    T turned[TW_TURNED_COLUMNS];
    const T *b = w.b;
    if (s->transpose_b) {
      G(transpose)(turned, s->n, b, w.k, s->n, w.k);
      b = turned;
    }
    G(row_product)(w.a, b, w.c, s->n, w.k);
  }
  return 0;
}

// The last columns, as dot products.
static TW_INLINE void G(dots_columns)(const tw_matrix_product *s, const G(work) *w) {
  const int64_t first = s->n - s->dots;
  if (s->transpose_b) {
    G(dots_product)(w->a, w->b + first * w->k, w->c + first, s->n, w->m, s->dots, w->k);
    return;
  }
  T turned[TW_TURNED_COLUMNS];
  G(transpose)(turned, w->k, w->b + first, s->n, w->k, s->dots);
  G(dots_product)(w->a, turned, w->c + first, s->n, w->m, s->dots, w->k);
}

static int32_t G(tiles)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_matrix_product *s = arguments;
  for (G(work) w = G(first)(s, slots, part); w.count > 0; G(next)(s, &w)) {
    if (s->n > s->dots) {
      const G(matrices) matrices = {
        w.a, w.b, w.c, w.m, s->n - s->dots, w.k, s->transpose_a ? w.m : w.k,
        s->transpose_b ? w.k : s->n, s->n, s->transpose_a, s->transpose_b, w.adds};
      G(tile_product)(&matrices);
    }
    if (s->dots > 0) G(dots_columns)(s, &w);
  }
  return 0;
}

// The transposed product in tiles. The operands change places, so that b is not transposed.
static int32_t G(turned)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_matrix_product *s = arguments;
  for (G(work) w = G(first)(s, slots, part); w.count > 0; G(next)(s, &w)) {
    _Alignas(64) T turned[TW_TURNED_RESULT];
    if (w.adds) G(transpose)(turned, w.m, w.c, s->n, w.m, s->n);
    const G(matrices) matrices = {
      w.b, w.a, turned, s->n, w.m, w.k, s->transpose_b ? w.k : s->n, w.m, w.m, !s->transpose_b, 0,
      w.adds};
    G(tile_product)(&matrices);
    G(transpose)(w.c, s->n, turned, w.m, s->n, w.m);
  }
  return 0;
}
