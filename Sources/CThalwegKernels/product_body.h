static void F(library_product)(
  const tw_matrix_product *product, const T *a, const T *b, T *c, int adds) {
  const int ta = product->transpose_a, tb = product->transpose_b;
  const int m = (int)product->m, n = (int)product->n, k = (int)product->k;
  BLAS(gemm)(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
             m, n, k, 1, a, ta ? m : k, b, tb ? k : n, adds, c, n);
}

// Handles the product if that is faster than a call of the library, or returns 0. The limits
// come from measurements: tiles lose where they are narrow, transposing where it is most of the
// work.
static int F(try_small)(F(small) *s, int transpose_a, int transpose_b) {
  const int64_t m = s->m, n = s->n, k = s->k;
  if (m * n * k > SMALL_PRODUCT) return 0;
  if (!transpose_b || k <= 1) {
    if (n < 8 && m >= 8 && k >= 1) return 0;
    F(small_product)(s);
    return 1;
  }
  if (k <= 4 && m < 4) {
    F(short_transposed)(s);
    return 1;
  }
  if (k >= 48 || (n < 8 && k > 8) || (transpose_a && m * n * k > 1000)) return 0;
  T copy[SMALL_MATRIX];
  if (n * k > SMALL_MATRIX) return 0;
  F(transpose)(copy, s->b, n, k);
  s->b = copy;
  F(small_product)(s);
  return 1;
}

static TW_INLINE int F(try_own)(const tw_matrix_product *product, const T *a, const T *b, T *c) {
  const int64_t m = product->m, n = product->n, k = product->k;
  const int ta = product->transpose_a, tb = product->transpose_b;
  if (n == 1) {  // the transposed product has one row, which suits the tiles better
    F(small) s = {b, a, c, 0, 1, 1, m, k};
    return F(try_small)(&s, 0, !ta);
  }
  F(small) s = {a, b, c, ta ? 1 : k, ta ? m : 1, m, n, k};
  return F(try_small)(&s, ta, tb);
}

TW_CLONES static void F(add_product)(T *sum, const T *values, int64_t count) {
  TW_EACH(i, count, { sum[i] += values[i]; });
}

static void F(multiply_one)(
  const tw_matrix_product *product, const T *a, const T *b, T *c, int adds) {
  T own[SMALL_MATRIX];
  const int64_t count = product->m * product->n;
  if (adds && count <= SMALL_MATRIX && F(try_own)(product, a, b, own)) {
    F(add_product)(c, own, count);
  } else if (adds || !F(try_own)(product, a, b, c)) {
    F(library_product)(product, a, b, c, adds);
  }
}

int32_t F(tw_matrix_product)(
  const void *arguments, void *const *slots, const tw_part *part) {
  tw_matrix_product product = *(const tw_matrix_product *)arguments;
  const T *a = (const T *)slots[product.a.slot] + product.a.offset;
  const T *b = (const T *)slots[product.b.slot] + product.b.offset;
  T *c = (T *)slots[product.c.slot] + product.c.offset;
  if (product.m == 0 || product.n == 0) return 0;
  if (product.batch != 1) {
    for (int64_t i = part->begin; i < part->end; i++) {
      F(multiply_one)(&product, a + i * product.stride_a, b + i * product.stride_b,
                      c + i * product.stride_c, 0);
    }
    return 0;
  }
  if (!product.transpose_a) {
    a += part->begin * product.k;
    c += part->begin * product.n;
    product.m = part->end - part->begin;
  } else if (!product.transpose_b) {
    a += part->begin * product.m;
    b += part->begin * product.n;
    product.k = part->end - part->begin;
  }
  F(multiply_one)(&product, a, b, c, !part->first && product.transpose_a);
  return 0;
}
