// Views that read neighbours, gathered for the interpreter of chains.

// Elements first ..< first + count of a row of a shifted view: between those whose places have to be
// looked up, there are neighbours as in any other row.
static TW_INLINE void F(copy_shifted_row)(
  T *buffer, T *row, const tw_shift *shift, int64_t stride, int64_t first, int64_t count) {
  const int64_t begin = tw_min(tw_max(-shift->distance - first, 0), count);
  const int64_t inside = tw_min(shift->extent - shift->distance - first, count);
  const int64_t end = tw_max(inside, begin);
  for (int64_t i = 0; i < count; i++) {
    if (i == begin && end > begin) {
      F(copy_row)(buffer + i, row + (first + i + shift->distance) * stride, stride, end - i, 0);
      i = end;
      if (i == count) return;
    }
    const int64_t source = tw_shifted(shift, first + i);
    buffer[i] = source < 0 ? 0 : row[source * stride];
  }
}

static void F(gather_shifted)(const tw_chain *chain, const tw_view *view, T *base, T *buffer,
                              int64_t start, int64_t count) {
  const int32_t last = chain->rank - 1;
  int64_t index[TW_MAX_RANK];
  for (int32_t k = last; k >= 0; k--) {
    index[k] = start % chain->dims[k];
    start /= chain->dims[k];
  }
  while (1) {
    const int64_t run = tw_min(chain->dims[last] - index[last], count);
    const int64_t offset = tw_shifted_row(view, index, last);
    if (offset < 0) {
      F(splat)(buffer, 0, run);
    } else {
      T *row = base + view->offset + offset;
      F(copy_shifted_row)(buffer, row, &view->shifts[last], view->strides[last], index[last], run);
    }
    buffer += run;
    count -= run;
    if (count == 0) return;
    index[last] = 0;
    for (int32_t k = last - 1; k >= 0 && ++index[k] == chain->dims[k]; k--) index[k] = 0;
  }
}
