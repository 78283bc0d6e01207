#define UNUSED __attribute__((unused))

// The pragma's promise holds: an element is read before it is written, and no other element is.
#define SIMPLE_LOOP(OP, name, expression)                                                      \
  TW_CLONES static void F(loop_##name)(                                                        \
    T *result, const T *a, const T *b, const T *c, int64_t count) {                            \
    TW_EACH(i, count, {                                                                        \
      const T x = a[i];                                                                        \
      UNUSED const T y = b[i];                                                                 \
      UNUSED const T z = c[i];                                                                 \
      result[i] = expression;                                                                  \
    });                                                                                        \
  }
TW_SIMPLE_OPERATIONS(SIMPLE_LOOP)

#define MATH_LOOP(OP, name)                                                                    \
  TW_CLONES static void F(loop_##name)(                                                        \
    T *result, const T *a, UNUSED const T *b, UNUSED const T *c, int64_t count) {              \
    TW_EACH(i, count, { result[i] = F(name)(a[i]); });                                         \
  }
TW_MATH_OPERATIONS(MATH_LOOP)

static void F(loop_power)(
  T *result, const T *a, const T *b, UNUSED const T *c, int64_t count) {
  for (int64_t i = 0; i < count; i++) result[i] = POWER(a[i], b[i]);
}

TW_CLONES static int F(any_beyond_limit)(const T *a, int64_t count) {
  BITS beyond = 0;
  for (int64_t i = 0; i < count; i++) {
    beyond |= !(__builtin_elementwise_abs(a[i]) <= (T)TRIGONOMETRIC_LIMIT);
  }
  return beyond != 0;
}

// Numbers beyond the limit, infinities and NaN are rare: the library's function does these.
#define TRIGONOMETRIC_LOOP(name, quadrant, of_library)                                         \
  TW_CLONES static void F(loop_##name)(                                                        \
    T *result, const T *a, UNUSED const T *b, UNUSED const T *c, int64_t count) {              \
    if (__builtin_expect(!F(any_beyond_limit)(a, count), 1)) {                                 \
      TW_EACH(i, count, { result[i] = F(sine)(a[i], quadrant); });                             \
      return;                                                                                  \
    }                                                                                          \
    for (int64_t i = 0; i < count; i++) {                                                      \
      int within = __builtin_elementwise_abs(a[i]) <= (T)TRIGONOMETRIC_LIMIT;                  \
      result[i] = within ? F(sine)(a[i], quadrant) : (T)of_library(a[i]);                      \
    }                                                                                          \
  }
TRIGONOMETRIC_LOOP(sin, 0, sin)
TRIGONOMETRIC_LOOP(cos, 1, cos)

#define SIMPLE_ENTRY(OP, name, expression) [TW_OP_##OP] = F(loop_##name),
#define MATH_ENTRY(OP, name) [TW_OP_##OP] = F(loop_##name),
const F(tw_loop) F(tw_loops)[TW_OP_COUNT] = {
  TW_SIMPLE_OPERATIONS(SIMPLE_ENTRY)
  TW_MATH_OPERATIONS(MATH_ENTRY)
  [TW_OP_SIN] = F(loop_sin),
  [TW_OP_COS] = F(loop_cos),
  [TW_OP_POWER] = F(loop_power),
};

#undef UNUSED
#undef SIMPLE_LOOP
#undef MATH_LOOP
#undef TRIGONOMETRIC_LOOP
#undef SIMPLE_ENTRY
#undef MATH_ENTRY
