typedef T V __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(T)), may_alias));

static TW_INLINE V G(load)(const T *from) { return *(const V *)from; }
static TW_INLINE void G(store)(T *to, V vector) { *(V *)to = vector; }

static TW_INLINE V G(broadcast)(T number) {
  V vector;
  UNROLL
  for (int i = 0; i < LANES; i++) vector[i] = number;
  return vector;
}
