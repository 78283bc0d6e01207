// The adjoint in the kernel, as a walk of tiles over channels, rows of taps, filters and pieces.

static void G(gather_channels)(G(strip) s, int64_t vectors, int64_t channels) {
  const int64_t columns = s.conv->kernel_width;
  void (*const *gathers)(const G(strip) *) = G(gathers)[columns / 2][vectors - 1];
  while (channels > 0) {
    int64_t part = tw_min(channels, MOST_CHANNELS);
    while (!gathers[part - 1]) part--;
    gathers[part - 1](&s);
    s.image += part;
    s.kernel += part * columns * BLOCK;
    s.image_ahead = s.result_ahead = 0;
    channels -= part;
  }
}

// All channels and taps, for the vectors of filters that begin where `s` says. What comes after the
// piece is fetched once: pixels of the image with the first filters, of the result with the first
// channels.
static void G(gather_filters)(G(strip) s, int64_t vectors, int64_t begin, int64_t end) {
  const tw_blocked_convolution *conv = s.conv;
  const int64_t plane = conv->height * conv->width * BLOCK;
  const int64_t row_of_taps = conv->kernel_width * BLOCK;
  const G(strip) start = s;
  for (int64_t c = 0; c < conv->channels; c += BLOCK) {
    const int64_t channels = tw_min(BLOCK, conv->channels - c);
    s.image = start.image + c / BLOCK * plane;
    s.image_ahead = start.image_ahead;
    s.result_ahead = c == 0 ? start.result_ahead : 0;
    for (int64_t i = 0; i < conv->kernel_height; i++) {
      s.kernel = start.kernel + (c * conv->kernel_height + i * channels) * row_of_taps;
      s.drop = i - conv->kernel_height / 2;
      s.begin = conv->periodic ? begin : tw_max(begin, -s.drop);
      s.end = conv->periodic ? end : tw_min(end, conv->height - s.drop);
      G(gather_channels)(s, vectors, channels);
      s.image_ahead = s.result_ahead = 0;
    }
  }
}

static void G(gather_piece)(G(strip) s, int64_t begin, int64_t end) {
  const tw_blocked_convolution *conv = s.conv;
  const int64_t plane = conv->height * conv->width * BLOCK;
  const int64_t weights = conv->channels * conv->kernel_height * conv->kernel_width * BLOCK;
  const int64_t in_block = BLOCK / LANES, count = tw_blocks(conv->filters, BLOCK) * in_block;
  const G(strip) start = s;
  s.filter_stride = in_block > 1 ? LANES : weights;
  s.result_stride = in_block > 1 ? LANES : plane;
  for (int64_t v = 0; v < count;) {
    const int64_t vectors = conv->kernel_width == 1 && v + 1 < count ? 2 : 1;
    const int64_t block = v / in_block, lane = v % in_block * LANES;
    s.kernel = start.kernel + block * weights + lane;
    s.result = start.result + block * plane + lane;
    G(gather_filters)(s, vectors, begin, end);
    s.image_ahead = 0;
    v += vectors;
  }
}

static void G(gather_samples)(const tw_blocked_convolution *conv, const void *image, void *kernel,
                              const void *result, tw_samples samples, int first) {
  const int64_t row = conv->width * BLOCK, plane = conv->height * row;
  const int64_t image_slice = tw_blocks(conv->channels, BLOCK) * plane;
  const int64_t result_slice = tw_blocks(conv->filters, BLOCK) * plane;
  const int64_t row_bytes = tw_max(1, conv->width * TW_BLOCK_BYTES);
  const int64_t rows = tw_max(1, PIECE_BYTES / row_bytes);
  for (int64_t n = 0; n < samples.count; n++) {
    for (int64_t y = 0; y < conv->height; y += rows) {
      G(strip) s = {.conv = conv, .first = first && n == 0 && y == 0};
      s.image = (const T *)image + n * image_slice;
      s.result = (const T *)result + n * result_slice;
      s.kernel = kernel;
      if (y + rows < conv->height) {
        s.image_ahead = s.result_ahead = rows * row;
      } else if (n + 1 < samples.count + samples.more) {
        s.image_ahead = image_slice - y * row;
        s.result_ahead = result_slice - y * row;
      }
      G(gather_piece)(s, y, tw_min(y + rows, conv->height));
    }
  }
}
