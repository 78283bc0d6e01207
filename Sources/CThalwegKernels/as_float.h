// The *_body.h files are written for a type T; this makes T float.
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

#define T float
#define F(name) name##_f32
#define BITS uint32_t
#define MANTISSA 23
#define BIAS 127
#define SHIFT 0x1.8p23f  // adding it leaves a whole number in the low bits
#define POWER powf
#define BLAS(name) cblas_s##name
#define WIDTH 16  // elements in the widest vector
// Not interleaved: then a multiple of WIDTH leaves no rest to be done one by one.
#define TW_VECTORS \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")
