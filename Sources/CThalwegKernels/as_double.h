// The *_body.h files are written for a type T; this makes T double.
#undef T
#undef F
#undef BITS
#undef MANTISSA
#undef BIAS
#undef SHIFT
#undef WIDTH
#undef TW_VECTORS
#undef POWER
#undef BLAS

#define T double
#define F(name) name##_f64
#define BITS uint64_t
#define MANTISSA 52
#define BIAS 1023
#define SHIFT 0x1.8p52  // adding it leaves a whole number in the low bits
#define POWER pow
#define BLAS(name) cblas_d##name
#define WIDTH 8  // elements in the widest vector
// Not interleaved: then a multiple of WIDTH leaves no rest to be done one by one.
#define TW_VECTORS \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(1)")
