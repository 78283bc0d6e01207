#if defined(__x86_64__)
#include <immintrin.h>

#include "product_internal.h"

#define LEVEL avx2
#define VECTOR_BYTES 32
#define REGISTERS 16
// The rows of a tile of so many vectors, and the most vectors.
#define MOST_1 12
#define MOST_2 6
#define WIDEST 2

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "product_level.h"
#pragma clang attribute pop

#endif
