#include "blocked_internal.h"

// What every processor of its family has: NEON, or SSE2, which needs a register for products.
#define LEVEL portable
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 15
#endif
#define PIN(sum)

#include "blocked_level.h"
