// The whole number that `value` is, or -1 where it is none below `extent`.
static TW_INLINE int64_t F(whole_index)(T value, int64_t extent) {
  if (!(value >= 0 && value < (T)extent)) return -1;
  int64_t index = (int64_t)value;
  return (T)index == value && index < extent ? index : -1;
}

TW_CLONES static void F(fill)(T *values, T value, int64_t count) {
  for (int64_t i = 0; i < count; i++) values[i] = value;
}

TW_CLONES static void F(add)(T *sum, const T *values, int64_t count) {
  TW_EACH(i, count, { sum[i] += values[i]; });
}

int32_t F(tw_gather)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_gather *gather = arguments;
  const int64_t extent = gather->extent, inner = gather->inner;
  const T *input = (const T *)slots[gather->input.slot] + gather->input.offset;
  const T *index = (const T *)slots[gather->index.slot] + gather->index.offset;
  T *result = (T *)slots[gather->result.slot] + gather->result.offset;
  for (int64_t o = 0; o < gather->outer; o++, input += extent * inner) {
    for (int64_t j = 0; j < gather->count; j++, result += inner) {
      const int64_t k = F(whole_index)(index[j], extent);
      if (k < 0) F(fill)(result, NAN, inner);
      else if (inner == 1) *result = input[k];
      else memcpy(result, input + k * inner, inner * sizeof(T));
    }
  }
  return 0;
}

int32_t F(tw_scatter)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_gather *gather = arguments;
  const int64_t extent = gather->extent, inner = gather->inner;
  T *input = (T *)slots[gather->input.slot] + gather->input.offset;
  const T *index = (const T *)slots[gather->index.slot] + gather->index.offset;
  const T *result = (const T *)slots[gather->result.slot] + gather->result.offset;
  F(fill)(input, 0, gather->outer * extent * inner);
  for (int64_t o = 0; o < gather->outer; o++, input += extent * inner) {
    for (int64_t j = 0; j < gather->count; j++, result += inner) {
      const int64_t k = F(whole_index)(index[j], extent);
      if (k < 0) continue;
      if (inner == 1) input[k] += *result;
      else F(add)(input + k * inner, result, inner);
    }
  }
  return 0;
}

int32_t F(tw_fill)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_fill *fill = arguments;
  T *result = (T *)slots[fill->result.slot] + fill->result.offset;
  F(fill)(result, (T)fill->value, fill->count);
  return 0;
}
