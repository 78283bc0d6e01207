#include "product_internal.h"

// What every processor of its family has: NEON, or SSE2, which needs a register for products.
#define LEVEL portable
#define VECTOR_BYTES 16
// The rows of a tile of so many vectors, and the most vectors.
#if defined(__aarch64__)
#define REGISTERS 32
#define MOST_1 12
#define MOST_2 12
#define MOST_3 8
#define MOST_4 6
#define WIDEST 4
#else
#define REGISTERS 16
#define MOST_1 8
#define MOST_2 5
#define WIDEST 2
#endif

#include "product_level.h"
