#include "blocked_internal.h"

#if defined(__x86_64__)

#define LEVEL avx512
#define VECTOR_BYTES 64
#define REGISTERS 32
#define PIN(sum)

#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))), apply_to = function)
#include "blocked_level.h"
#pragma clang attribute pop

#endif
