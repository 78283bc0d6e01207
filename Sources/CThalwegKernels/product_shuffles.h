// How two vectors of one level exchange elements of 32 or 64 bits and blocks of 128 bits.

typedef float W32 __attribute__((vector_size(VECTOR_BYTES)));
typedef double W64 __attribute__((vector_size(VECTOR_BYTES)));

#if VECTOR_BYTES == 64
#define LOW_32 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define HIGH_32 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define LOW_64 0, 8, 2, 10, 4, 12, 6, 14
#define HIGH_64 1, 9, 3, 11, 5, 13, 7, 15
#define EVEN_128 0, 1, 4, 5, 8, 9, 12, 13
#define ODD_128 2, 3, 6, 7, 10, 11, 14, 15
#define LOW_256 0, 1, 2, 3, 8, 9, 10, 11
#define HIGH_256 4, 5, 6, 7, 12, 13, 14, 15
#elif VECTOR_BYTES == 32
#define LOW_32 0, 8, 1, 9, 4, 12, 5, 13
#define HIGH_32 2, 10, 3, 11, 6, 14, 7, 15
#define LOW_64 0, 4, 2, 6
#define HIGH_64 1, 5, 3, 7
#define EVEN_128 0, 1, 4, 5
#define ODD_128 2, 3, 6, 7
#else
#define LOW_32 0, 4, 1, 5
#define HIGH_32 2, 6, 3, 7
#define LOW_64 0, 2
#define HIGH_64 1, 3
#endif

#define SHUFFLE(bits, x, y, list) ((V)__builtin_shufflevector((W##bits)(x), (W##bits)(y), list))
// In every block of 128 bits, the lower or upper elements of x and y in turns.
#define LOW_SINGLES(x, y) SHUFFLE(32, x, y, LOW_32)
#define HIGH_SINGLES(x, y) SHUFFLE(32, x, y, HIGH_32)
#define LOW_DOUBLES(x, y) SHUFFLE(64, x, y, LOW_64)
#define HIGH_DOUBLES(x, y) SHUFFLE(64, x, y, HIGH_64)
// The even or odd blocks of 128 bits, or the lower or upper half, of x, then of y.
#define EVEN_BLOCKS(x, y) SHUFFLE(64, x, y, EVEN_128)
#define ODD_BLOCKS(x, y) SHUFFLE(64, x, y, ODD_128)
#define LOW_HALVES(x, y) SHUFFLE(64, x, y, LOW_256)
#define HIGH_HALVES(x, y) SHUFFLE(64, x, y, HIGH_256)
