#include "blocked_internal.h"

#if defined(__x86_64__)

#define LEVEL avx2
#define VECTOR_BYTES 32
#define REGISTERS 16

// The tiles use every register. The compiler would load ahead and so keep one sum in memory, which
// halves the speed: this ties it to the order in which the products are written.
#define PIN(sum) __asm__ volatile("" : "+x"(sum))

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "blocked_level.h"
#pragma clang attribute pop

#endif
