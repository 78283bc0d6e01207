// The result of a convolution in tiles: a run of pixels of one row by a few vectors of filters. The
// sums of a tile stay in registers while all channels and taps pass by. A pixel of the image is
// loaded once and meets all taps of a row. Where registers are left, neighbouring taps have sums of
// their own, so that no sum has to wait for itself.
//
// Nothing is stored around the image. A tile at an edge skips what lies outside, or finds it at the
// other end of the row.

typedef struct {
  const T *image;           // the sample
  int64_t plane;            // elements of a block of channels
  int64_t channels, width, kernel_height;
  int64_t filter_stride;    // from a vector of filters to the next one of the tile: in the kernel
  int64_t result_stride;    // and in the result
  int64_t ahead;            // where a row that will be needed soon begins; -1 if it is at hand
  int periodic, count;      // rows of taps that meet the image: which they are, and which row of
  int64_t taps[MAX_TAPS], rows[MAX_TAPS];  // the image they meet
} G(tile_rows);

static const T G(outside)[BLOCK] = {0};

static TW_INLINE const T *G(pixel)(const G(tile_rows) *r, const T *row, int64_t x) {
  const int64_t pixel = tw_pixel_at(x, r->width, r->periodic);
  return pixel < 0 ? G(outside) : row + pixel * BLOCK;
}

// The form of a tile, known to the compiler: columns of taps, vectors of filters, pixels, and sets
// of sums.
typedef struct {
  int columns, vectors, pixels, sets;
} G(form);

// Adds what pixel j of the tile, or beside it, contributes: with tap q, it meets pixel j + pad - q.
static TW_INLINE void G(meet)(G(form) f, V *sums, const V *taps, T pixel, int j) {
  UNROLL
  for (int q = 0; q < f.columns; q++) {
    const int p = j + f.columns / 2 - q;
    if (p < 0 || p >= f.pixels) continue;
    UNROLL
    for (int v = 0; v < f.vectors; v++) {
      V *sum = sums + (v * f.sets + q % f.sets) * f.pixels + p;
      *sum += pixel * taps[v * f.columns + q];
      PIN(*sum);
    }
  }
}

// The channels of a block meet one row of taps.
static TW_INLINE void G(meet_row)(G(form) f, V *sums, const G(tile_rows) *r, const T *row,
                                  const T *kernel, int64_t x, int64_t channels) {
  const int pad = f.columns / 2;
  const int has_left = r->periodic || x > 0, has_right = r->periodic || x + f.pixels < r->width;
  const T *left[MAX_TAPS / 2], *right[MAX_TAPS / 2], *middle = row + x * BLOCK;
  UNROLL
  for (int j = 0; j < pad; j++) {
    left[j] = G(pixel)(r, row, x + j - pad);
    right[j] = G(pixel)(r, row, x + j + f.pixels);
  }
  for (int64_t c = 0; c < channels; c++, kernel += f.columns * BLOCK) {
    V taps[MAX_TAPS];
    UNROLL
    for (int v = 0; v < f.vectors; v++) {
      UNROLL
      for (int q = 0; q < f.columns; q++) {
        taps[v * f.columns + q] = G(load)(kernel + v * r->filter_stride + q * BLOCK);
      }
    }
    if (has_left) {
      UNROLL
      for (int j = 0; j < pad; j++) G(meet)(f, sums, taps, left[j][c], j - pad);
    }
    UNROLL
    for (int j = 0; j < f.pixels; j++) G(meet)(f, sums, taps, middle[j * BLOCK + c], j);
    if (has_right) {
      UNROLL
      for (int j = 0; j < pad; j++) G(meet)(f, sums, taps, right[j][c], j + f.pixels);
    }
  }
}

static TW_INLINE void G(finish_tile)(G(form) f, const V *sums, const G(tile_rows) *r, T *result) {
  UNROLL
  for (int v = 0; v < f.vectors; v++) {
    UNROLL
    for (int p = 0; p < f.pixels; p++) {
      V sum = sums[v * f.sets * f.pixels + p];
      UNROLL
      for (int s = 1; s < f.sets; s++) sum += sums[(v * f.sets + s) * f.pixels + p];
      G(store)(result + v * r->result_stride + p * BLOCK, sum);
    }
  }
}

// `kernel` and `result` belong to the first filter, the latter to the tile's row.
static TW_INLINE void G(run_tile)(G(form) f, const G(tile_rows) *r, const T *kernel, T *result,
                                  int64_t x) {
  V sums[REGISTERS];
  UNROLL
  for (int i = 0; i < f.vectors * f.sets * f.pixels; i++) sums[i] = (V){0};
  const int64_t row_of_taps = f.columns * BLOCK;
  const T *image = r->image;
  for (int64_t c = 0; c < r->channels; c += BLOCK, image += r->plane) {
    const int64_t channels = tw_min(BLOCK, r->channels - c);
    if (r->ahead >= 0) {
      UNROLL
      for (int p = 0; p < f.pixels; p++) __builtin_prefetch(image + r->ahead + (x + p) * BLOCK);
    }
    for (int k = 0; k < r->count; k++) {
      const int64_t before = c * r->kernel_height + r->taps[k] * channels;
      G(meet_row)(f, sums, r, image + r->rows[k], kernel + before * row_of_taps, x, channels);
    }
  }
  G(finish_tile)(f, sums, r, result + x * BLOCK);
}

// As many sets of sums as there are registers for, besides those of the taps and of a pixel.
#define SPARE(columns) (REGISTERS - 1 - (columns))
#define SETS(columns, pixels) \
  ((columns) * (pixels) <= SPARE(columns) ? (columns) : SPARE(columns) / (pixels))
#define TILE_NAME(columns, vectors, pixels) G(tile_##columns##_##vectors##_##pixels)
#define TILE(columns, vectors, pixels)                                                           \
  static void TILE_NAME(columns, vectors, pixels)(                                               \
    const G(tile_rows) *r, const T *kernel, T *result, int64_t x) {                              \
    const G(form) form = {columns, vectors, pixels, SETS(columns, pixels)};                      \
    G(run_tile)(form, r, kernel, result, x);                                                     \
  }

// The tiles there are, by columns of taps. With one column, two vectors of filters share a pixel.
#define TILES_1(USE) TO_12(USE, 1, 1)
#define TILES_5(USE) TO_8(USE, 5, 1)
#if REGISTERS == 32
#define TILES_PAIR(USE) TO_12(USE, 1, 2)
#define TILES_3(USE) TO_8(USE, 3, 1)
#else
#define TILES_PAIR(USE) TO_6(USE, 1, 2)
#define TILES_3(USE) TO_4(USE, 3, 1)
#endif

#define TO_4(USE, c, v) USE(c, v, 1) USE(c, v, 2) USE(c, v, 3) USE(c, v, 4)
#define TO_6(USE, c, v) TO_4(USE, c, v) USE(c, v, 5) USE(c, v, 6)
#define TO_8(USE, c, v) TO_6(USE, c, v) USE(c, v, 7) USE(c, v, 8)
#define TO_12(USE, c, v) \
  TO_8(USE, c, v) USE(c, v, 9) USE(c, v, 10) USE(c, v, 11) USE(c, v, 12)

TILES_1(TILE)
TILES_PAIR(TILE)
TILES_3(TILE)
TILES_5(TILE)

typedef struct {
  void (*run[12])(const G(tile_rows) *rows, const T *kernel, T *result, int64_t x);
  int64_t vectors, most;  // vectors of filters and pixels
} G(tiles);

#define ENTRY(columns, vectors, pixels) TILE_NAME(columns, vectors, pixels),
#define COUNT(columns, vectors, pixels) +1
static const G(tiles) G(tiles_1) = {{TILES_1(ENTRY)}, 1, 0 TILES_1(COUNT)};
static const G(tiles) G(tiles_pair) = {{TILES_PAIR(ENTRY)}, 2, 0 TILES_PAIR(COUNT)};
static const G(tiles) G(tiles_3) = {{TILES_3(ENTRY)}, 1, 0 TILES_3(COUNT)};
static const G(tiles) G(tiles_5) = {{TILES_5(ENTRY)}, 1, 0 TILES_5(COUNT)};
