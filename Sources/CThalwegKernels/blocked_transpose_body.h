// Plain to blocked and back: squares of LANES channels by LANES pixels are transposed in registers.

#undef LOWER
#undef UPPER
#if LANES == 16
#define LOWER 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif LANES == 8
#define LOWER 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER 4, 12, 5, 13, 6, 14, 7, 15
#elif LANES == 4
#define LOWER 0, 4, 1, 5
#define UPPER 2, 6, 3, 7
#else
#define LOWER 0, 2
#define UPPER 1, 3
#endif

// Interleaving the first half of the vectors with the second one moves the highest bit of a row's
// number to the lowest place of the column's. Done once for each bit, rows have become columns.
static TW_INLINE void G(transpose)(V *rows) {
  V other[LANES];
  UNROLL
  for (int step = 1; step < LANES; step *= 2) {
    UNROLL
    for (int i = 0; i < LANES / 2; i++) {
      other[2 * i] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], LOWER);
      other[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], UPPER);
    }
    UNROLL
    for (int i = 0; i < LANES; i++) rows[i] = other[i];
  }
}

// LANES pixels of up to LANES channels of one vector; the other channels become 0.
static TW_INLINE void G(block_square)(const T *plain, T *blocked, int64_t pixels,
                                      int64_t channels) {
  V rows[LANES];
  UNROLL
  for (int c = 0; c < LANES; c++) {
    rows[c] = c < channels ? G(load)(plain + c * pixels) : (V){0};
  }
  G(transpose)(rows);
  UNROLL
  for (int p = 0; p < LANES; p++) G(store)(blocked + p * BLOCK, rows[p]);
}

static TW_INLINE void G(unblock_square)(T *plain, const T *blocked, int64_t pixels,
                                        int64_t channels) {
  V rows[LANES];
  UNROLL
  for (int p = 0; p < LANES; p++) rows[p] = G(load)(blocked + p * BLOCK);
  G(transpose)(rows);
  UNROLL
  for (int c = 0; c < LANES; c++) {
    if (c < channels) G(store)(plain + c * pixels, rows[c]);
  }
}

// Images with fewer pixels than a vector has lanes.
static void G(move_few)(T *plain, T *blocked, int64_t pixels, int64_t channels, int blocks) {
  for (int64_t x = 0; x < pixels; x++) {
    for (int64_t c = 0; c < (blocks ? LANES : channels); c++) {
      if (!blocks) plain[c * pixels + x] = blocked[x * BLOCK + c];
      else blocked[x * BLOCK + c] = c < channels ? plain[c * pixels + x] : 0;
    }
  }
}

// One vector of channels. The last square is moved back to end with the image.
static TW_INLINE void G(move_vector)(T *plain, T *blocked, int64_t pixels, int64_t channels,
                                     int blocks) {
  if (pixels < LANES) {
    G(move_few)(plain, blocked, pixels, channels, blocks);
    return;
  }
  for (int64_t x = 0; x < pixels; x += LANES) {
    const int64_t begin = tw_min(x, pixels - LANES);
    if (blocks) G(block_square)(plain + begin, blocked + begin * BLOCK, pixels, channels);
    else G(unblock_square)(plain + begin, blocked + begin * BLOCK, pixels, channels);
  }
}

static TW_INLINE void G(move_samples)(const tw_blocking *b, T *plain, T *blocked,
                                      int64_t samples, int blocks) {
  const int64_t padded = tw_blocks(b->channels, BLOCK) * BLOCK, block = BLOCK * b->pixels;
  for (int64_t n = 0; n < samples; n++) {
    for (int64_t c = 0; c < padded; c += LANES) {
      const int64_t rest = tw_max(0, tw_min(LANES, b->channels - c));
      G(move_vector)(plain + c * b->pixels, blocked + c / BLOCK * block + c % BLOCK, b->pixels,
                     rest, blocks);
    }
    plain += b->channels * b->pixels;
    blocked += padded * b->pixels;
  }
}

static void G(block_samples)(const tw_blocking *b, const void *plain, void *blocked,
                             int64_t samples) {
  G(move_samples)(b, (T *)plain, blocked, samples, 1);
}

static void G(unblock_samples)(const tw_blocking *b, void *plain, const void *blocked,
                               int64_t samples) {
  G(move_samples)(b, plain, (T *)blocked, samples, 0);
}
