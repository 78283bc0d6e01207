// The adjoint in the kernel, in tiles: one or two vectors of filters by some channels by one row of
// taps. The sums of a tile stay in registers while pixels pass by; then the kernel gets them.
//
// That is done for a piece of a sample after the other. A piece is so small that all tiles find its
// pixels in cache, and that sums are short: one over thousands of pixels would lose digits.

typedef struct {
  const tw_blocked_convolution *conv;
  const T *image, *result;       // the first channel, the first filter, of row 0
  T *kernel;                     // the tile
  int64_t begin, end, drop;      // rows of the result; the rows of the image are `drop` below
  int64_t filter_stride, result_stride;  // from a vector of filters to the next
  int64_t image_ahead, result_ahead;     // how far on is what to fetch; 0 for nothing
  int first, chained;            // the kernel is set; sums go on from it
} G(strip);

// The form of a tile, known to the compiler.
typedef struct {
  int columns, vectors, channels;
} G(gather_form);

static TW_INLINE V *G(sums_of)(G(gather_form) f, V *sums, int v, int c) {
  return sums + (v * f.channels + c) * f.columns;
}

// A pixel of the image meets the results at x + pad - q with tap q; all of them are in the row.
static TW_INLINE void G(gather_inside)(G(gather_form) f, V *sums, const G(strip) *s,
                                       const T *image, const T *result) {
  V results[MAX_TAPS];
  UNROLL
  for (int v = 0; v < f.vectors; v++) {
    UNROLL
    for (int q = 0; q < f.columns; q++) {
      const T *pixel = result + v * s->result_stride + (f.columns / 2 - q) * BLOCK;
      results[v * f.columns + q] = G(load)(pixel);
    }
  }
  UNROLL
  for (int c = 0; c < f.channels; c++) {
    V pixel = G(broadcast)(image[c]);
    PIN(pixel);
    UNROLL
    for (int v = 0; v < f.vectors; v++) {
      V *sum = G(sums_of)(f, sums, v, c);
      UNROLL
      for (int q = 0; q < f.columns; q++) {
        sum[q] += pixel * results[v * f.columns + q];
        PIN(sum[q]);
      }
    }
  }
}

// The same near an end of the row, where some do not exist or are at the other end.
static TW_INLINE void G(gather_edge)(G(gather_form) f, V *sums, const G(strip) *s,
                                     const T *image, const T *row, int64_t x) {
  UNROLL
  for (int q = 0; q < f.columns; q++) {
    const int64_t pixel = tw_pixel_at(x + f.columns / 2 - q, s->conv->width, s->conv->periodic);
    if (pixel < 0) continue;
    const V result = G(load)(row + pixel * BLOCK);
    UNROLL
    for (int c = 0; c < f.channels; c++) {
      V *sum = G(sums_of)(f, sums, 0, c) + q;
      *sum += image[c] * result;
      PIN(*sum);
    }
  }
}

static TW_INLINE void G(gather_row)(G(gather_form) f, V *sums, const G(strip) *s, const T *image,
                                    const T *result) {
  const int64_t width = s->conv->width, pad = f.columns / 2;
  int64_t x = 0;
  for (; x < tw_min(pad, width); x++) G(gather_edge)(f, sums, s, image + x * BLOCK, result, x);
  for (; x < width - pad; x++) {
    __builtin_prefetch(image + x * BLOCK + s->image_ahead, 0, 2);
    __builtin_prefetch(result + x * BLOCK + s->result_ahead, 0, 2);
    G(gather_inside)(f, sums, s, image + x * BLOCK, result + x * BLOCK);
  }
  for (; x < width; x++) G(gather_edge)(f, sums, s, image + x * BLOCK, result, x);
}

static TW_INLINE void G(run_gather)(G(gather_form) f, const G(strip) *s) {
  const tw_blocked_convolution *conv = s->conv;
  V sums[REGISTERS];
  UNROLL
  for (int i = 0; i < f.vectors * f.channels * f.columns; i++) sums[i] = (V){0};
  if (s->chained && !s->first) {
    UNROLL
    for (int v = 0; v < f.vectors; v++) {
      UNROLL
      for (int i = 0; i < f.channels * f.columns; i++) {
        G(sums_of)(f, sums, v, 0)[i] = G(load)(s->kernel + v * s->filter_stride + i * BLOCK);
      }
    }
  }
  for (int64_t y = s->begin; y < s->end; y++) {
    const int64_t line = tw_pixel_at(y + s->drop, conv->height, conv->periodic);
    G(gather_row)(f, sums, s, s->image + line * conv->width * BLOCK,
                  s->result + y * conv->width * BLOCK);
  }
  UNROLL
  for (int v = 0; v < f.vectors; v++) {
    UNROLL
    for (int i = 0; i < f.channels * f.columns; i++) {
      T *kernel = s->kernel + v * s->filter_stride + i * BLOCK;
      const V sum = G(sums_of)(f, sums, v, 0)[i];
      G(store)(kernel, s->first || s->chained ? sum : G(load)(kernel) + sum);
    }
  }
}

// For each number of columns of taps: the vectors of filters and channels that a tile may have.
#if REGISTERS == 32
#define GATHERS(USE) UP_TO_8(USE, 1, 1) UP_TO_8(USE, 1, 2) UP_TO_8(USE, 3, 1) UP_TO_4(USE, 5, 1)
#else
#define GATHERS(USE) UP_TO_8(USE, 1, 1) UP_TO_4(USE, 1, 2) UP_TO_4(USE, 3, 1) UP_TO_2(USE, 5, 1)
#endif
#define UP_TO_2(USE, n, v) USE(n, v, 1) USE(n, v, 2)
#define UP_TO_4(USE, n, v) UP_TO_2(USE, n, v) USE(n, v, 3) USE(n, v, 4)
#define UP_TO_8(USE, n, v) UP_TO_4(USE, n, v) USE(n, v, 8)

#define GATHER_NAME(columns, vectors, channels) G(gather_##columns##_##vectors##_##channels)
#define GATHER(columns, vectors, channels)                                   \
  static void GATHER_NAME(columns, vectors, channels)(const G(strip) *s) {   \
    const G(gather_form) form = {columns, vectors, channels};                \
    G(run_gather)(form, s);                                                  \
  }
GATHERS(GATHER)

#define GATHER_ENTRY(columns, vectors, channels) \
  [columns / 2][vectors - 1][channels - 1] = GATHER_NAME(columns, vectors, channels),
static void (*const G(gathers)[3][2][MOST_CHANNELS])(const G(strip) *) = {GATHERS(GATHER_ENTRY)};
