// A convolution as a walk of tiles over rows, filters and samples.

// A row of the result in tiles that differ by at most one pixel.
static TW_INLINE void G(run_row)(const G(tiles) *tiles, const G(tile_rows) *r, const T *kernel,
                                 T *result) {
  const int64_t count = tw_blocks(r->width, tiles->most);
  for (int64_t t = 0, x = 0; t < count; t++) {
    const int64_t pixels = r->width / count + (t < r->width % count);
    tiles->run[pixels - 1](r, kernel, result, x);
    x += pixels;
  }
}

// The rows of the image that meet row y of the result.
static void G(find_rows)(G(tile_rows) *r, const tw_blocked_convolution *conv, int64_t y) {
  r->count = 0;
  for (int64_t i = 0; i < conv->kernel_height; i++) {
    const int64_t row = tw_pixel_at(y + i - conv->kernel_height / 2, conv->height, conv->periodic);
    if (row < 0) continue;
    r->taps[r->count] = i;
    r->rows[r->count++] = row * conv->width * BLOCK;
  }
}

// Which tiles there are, given the vectors of filters that are left.
static const G(tiles) *G(tiles_for)(int64_t columns, int64_t vectors) {
  if (columns == 3) return &G(tiles_3);
  if (columns == 5) return &G(tiles_5);
  return vectors < 2 ? &G(tiles_1) : &G(tiles_pair);
}

// One tile's filters, for a whole sample. Those that come first also fetch rows that will be needed
// soon: of this sample, and of the next one, which begins `next_sample` further on (0 if there is
// none). For the others next_sample is -1.
static void G(convolve_filters)(const tw_blocked_convolution *conv, G(tile_rows) *r,
                                const G(tiles) *tiles, const T *kernel, T *result,
                                int64_t next_sample) {
  const int64_t row = conv->width * BLOCK;
  for (int64_t y = 0; y < conv->height; y++) {
    G(find_rows)(r, conv, y);
    const int64_t ahead = y + conv->kernel_height / 2 + ROWS_AHEAD;
    r->ahead = -1;
    if (next_sample >= 0 && ahead < conv->height) r->ahead = ahead * row;
    else if (next_sample > 0) r->ahead = next_sample + (ahead - conv->height) * row;
    G(run_row)(tiles, r, kernel, result + y * row);
  }
}

static void G(convolve_sample)(const tw_blocked_convolution *conv, G(tile_rows) *r,
                               const T *kernel, T *result, int64_t next_sample) {
  const int64_t in_block = BLOCK / LANES, vectors = tw_blocks(conv->filters, BLOCK) * in_block;
  const int64_t weights = conv->channels * conv->kernel_height * conv->kernel_width * BLOCK;
  r->filter_stride = in_block > 1 ? LANES : weights;
  r->result_stride = in_block > 1 ? LANES : r->plane;
  for (int64_t v = 0; v < vectors;) {
    const G(tiles) *tiles = G(tiles_for)(conv->kernel_width, vectors - v);
    const int64_t block = v / in_block, lane = v % in_block * LANES;
    G(convolve_filters)(conv, r, tiles, kernel + block * weights + lane,
                        result + block * r->plane + lane, v == 0 ? next_sample : -1);
    v += tiles->vectors;
  }
}

static void G(convolve_samples)(const tw_blocked_convolution *given, const void *image,
                                const void *kernel, void *result, tw_samples samples) {
  tw_blocked_convolution conv = *given;
  if (conv.kernel_height == 1 && conv.kernel_width == 1) {  // then rows do not matter
    conv.width *= conv.height;
    conv.height = 1;
  }
  const int64_t plane = conv.height * conv.width * BLOCK;
  const int64_t image_slice = tw_blocks(conv.channels, BLOCK) * plane;
  const int64_t result_slice = tw_blocks(conv.filters, BLOCK) * plane;
  G(tile_rows) rows = {.plane = plane, .channels = conv.channels, .width = conv.width,
                       .kernel_height = conv.kernel_height, .periodic = conv.periodic};
  for (int64_t n = 0; n < samples.count; n++) {
    rows.image = (const T *)image + n * image_slice;
    G(convolve_sample)(&conv, &rows, kernel, (T *)result + n * result_slice,
                       n + 1 < samples.count + samples.more ? image_slice : 0);
  }
}
