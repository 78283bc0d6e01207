#if defined(__x86_64__)
#include <immintrin.h>

#include "product_internal.h"

#define LEVEL avx512
#define VECTOR_BYTES 64
#define REGISTERS 32
// The rows of a tile of so many vectors, and the most vectors.
#define MOST_1 12
#define MOST_2 12
#define MOST_3 8
#define MOST_4 6
#define WIDEST 4

#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
#include "product_level.h"
#pragma clang attribute pop

#endif
