typedef T F(tw_lanes) __attribute__((vector_size(SUMS * sizeof(T)), aligned(sizeof(T)), may_alias));

// As doubles, whose sums are exact to more digits than T has.
#define LOAD(from) __builtin_convertvector(*(const F(tw_lanes) *)(from), tw_sums)
#define STORE(to, sums) (*(F(tw_lanes) *)(to) = __builtin_convertvector(sums, F(tw_lanes)))

TW_CLONES double F(tw_dot)(const T *a, const T *b, int64_t count) {
  tw_sums sums[PARTS] = {{0}};
  int64_t i = 0;
  for (; i + PARTS * SUMS <= count; i += PARTS * SUMS) {
    _Pragma("clang loop unroll(full)")
    for (int64_t p = 0; p < PARTS; p++) sums[p] += LOAD(a + i + p * SUMS) * LOAD(b + i + p * SUMS);
  }
  for (; i + SUMS <= count; i += SUMS) sums[0] += LOAD(a + i) * LOAD(b + i);
  sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double sum = total(sums);
  for (; i < count; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

// Four vectors at a time, so that w is read once for them.
TW_CLONES void F(tw_dots)(
  double *results, const T *basis, int64_t stride, int64_t vectors, const T *w, int64_t count) {
  int64_t j = 0;
  for (; j + PARTS <= vectors; j += PARTS) {
    const T *first = basis + j * stride;
    tw_sums sums[PARTS] = {{0}};
    int64_t i = 0;
    for (; i + SUMS <= count; i += SUMS) {
      const tw_sums factor = LOAD(w + i);
      _Pragma("clang loop unroll(full)")
      for (int64_t p = 0; p < PARTS; p++) sums[p] += LOAD(first + p * stride + i) * factor;
    }
    for (int64_t p = 0; p < PARTS; p++) {
      double sum = total(&sums[p]);
      for (int64_t k = i; k < count; k++) sum += (double)first[p * stride + k] * (double)w[k];
      results[j + p] += sum;
    }
  }
  for (; j < vectors; j++) results[j] += F(tw_dot)(basis + j * stride, w, count);
}

static TW_INLINE void F(combine_parts)(
  T *w, const double *factors, const T *basis, int64_t stride, int64_t parts, int64_t count) {
  int64_t i = 0;
  for (; i + SUMS <= count; i += SUMS) {
    tw_sums sum = LOAD(w + i);
    for (int64_t p = 0; p < parts; p++) sum += factors[p] * LOAD(basis + p * stride + i);
    STORE(w + i, sum);
  }
  for (; i < count; i++) {
    double sum = w[i];
    for (int64_t p = 0; p < parts; p++) sum += factors[p] * (double)basis[p * stride + i];
    w[i] = (T)sum;
  }
}

TW_CLONES void F(tw_combine)(
  T *w, double sign, const double *factors, const T *basis, int64_t stride, int64_t vectors,
  int64_t count) {
  double signed_factors[PARTS];
  for (int64_t j = 0; j < vectors; j += PARTS) {
    const int64_t parts = tw_min(PARTS, vectors - j);
    for (int64_t p = 0; p < parts; p++) signed_factors[p] = sign * factors[j + p];
    const T *first = basis + j * stride;
    if (parts == PARTS) F(combine_parts)(w, signed_factors, first, stride, PARTS, count);
    else F(combine_parts)(w, signed_factors, first, stride, parts, count);
  }
}

TW_CLONES void F(tw_blend)(T *result, double a, const T *x, double b, const T *y, int64_t count) {
  int64_t i = 0;
  for (; i + SUMS <= count; i += SUMS) STORE(result + i, a * LOAD(x + i) + b * LOAD(y + i));
  for (; i < count; i++) result[i] = (T)(a * (double)x[i] + b * (double)y[i]);
}

TW_CLONES double F(tw_weighed_square)(
  const T *x, const T *scale, double absolute, double relative, int64_t count) {
  double sum = 0;
  for (int64_t first = 0; first < count; first += 64) {
    const int64_t end = tw_min(first + 64, count);
    double part = 0;
    for (int64_t i = first; i < end; i++) {
      const double ratio = (double)x[i] / (absolute + relative * fabs((double)scale[i]));
      part += ratio * ratio;
    }
    sum += part;
  }
  return sum;
}

#undef LOAD
#undef STORE
