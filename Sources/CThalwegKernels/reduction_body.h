static TW_INLINE void R(combine)(T *strip, const T *row, int64_t width) {
  if (width >= WIDTH) {
    TW_EACH(i, width, { strip[i] = COMBINE(strip[i], row[i]); });
  } else {
    _Pragma("clang loop vectorize(disable)")
    for (int64_t i = 0; i < width; i++) strip[i] = COMBINE(strip[i], row[i]);
  }
}

// Combines `rows` rows of `width` elements, `stride` apart, into the strip.
static TW_INLINE void R(combine_rows)(
  T *restrict strip, const T *rows, int64_t count, int64_t stride, int64_t width) {
  T block[STRIP];
  memcpy(strip, rows, width * sizeof(T));
  for (int64_t first = 1; first < count;) {
    const int64_t end = tw_min(first + BLOCK, count);
    T *target = first == 1 ? strip : block;
    if (first != 1) memcpy(block, rows + first++ * stride, width * sizeof(T));
    for (; first < end; first++) R(combine)(target, rows + first * stride, width);
    if (target == block) R(combine)(strip, block, width);
  }
}

// Short rows: as many as fit are taken for one long row, whose parts are combined pairwise in the
// end. This also covers the reduction of a contiguous line (inner = 1).
static TW_INLINE void R(reduce_short)(
  T *result, const T *input, int64_t reduced, int64_t inner) {
  T strip[STRIP];
  int64_t parts = tw_min(reduced, STRIP / inner);
  const int64_t width = parts * inner, total = reduced * inner;
  const int64_t rows = reduced / parts;
  R(combine_rows)(strip, input, rows, width, width);
  R(combine)(strip, input + rows * width, total - rows * width);
  while (parts > 1) {
    const int64_t kept = (parts + 1) / 2;
    R(combine)(strip, strip + kept * inner, (parts - kept) * inner);
    parts = kept;
  }
  memcpy(result, strip, inner * sizeof(T));
}

// result[i] = combination over r of input[r, i].
static TW_INLINE void R(reduce_one)(
  T *result, const T *input, int64_t reduced, int64_t inner) {
  if (inner == 1 && reduced <= 16) {
    T value = input[0];
    for (int64_t r = 1; r < reduced; r++) value = COMBINE(value, input[r]);
    *result = value;
  } else if (inner <= STRIP / 2) {
    R(reduce_short)(result, input, reduced, inner);
  } else {
    for (int64_t i = 0; i < inner; i += STRIP) {
      R(combine_rows)(result + i, input + i, reduced, inner, tw_min(STRIP, inner - i));
    }
  }
}

// Contracts the rows of the part and combines them with those of the parts before.
static TW_INLINE void R(reduce_more)(
  T *result, const T *input, int64_t reduced, int64_t inner) {
  T strip[STRIP];
  for (int64_t i = 0; i < inner; i += STRIP) {
    const int64_t width = tw_min(STRIP, inner - i);
    if (inner <= STRIP) R(reduce_one)(strip, input, reduced, inner);
    else R(combine_rows)(strip, input + i, reduced, inner, width);
    R(combine)(result + i, strip, width);
  }
}

TW_CLONES static void R(reduce)(
  const tw_reduction *reduction, void *const *slots, const tw_part *part) {
  const int64_t inner = reduction->inner, first = part->begin * reduction->row;
  const int64_t rows = (part->end - part->begin) * reduction->row;
  const int64_t outer = reduction->contracts ? 1 : rows;
  const int64_t reduced = reduction->contracts ? rows : reduction->reduced;
  const T *input = (const T *)slots[reduction->input.slot] + reduction->input.offset;
  T *result = (T *)slots[reduction->result.slot] + reduction->result.offset;
  input += first * (reduction->contracts ? 1 : reduced) * inner;
  if (!reduction->contracts) result += first * inner;
  if (reduced == 0) {
    for (int64_t i = 0; i < outer * inner; i++) result[i] = NEUTRAL;
    return;
  }
  if (inner == 0) return;
  if (!part->first && reduction->contracts) {
    R(reduce_more)(result, input, reduced, inner);
    return;
  }
  for (int64_t o = 0; o < outer; o++, input += reduced * inner, result += inner) {
    R(reduce_one)(result, input, reduced, inner);
  }
}

#undef COMBINE
#undef R
#undef NEUTRAL
