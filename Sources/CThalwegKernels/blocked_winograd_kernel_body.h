// The adjoint in the kernel by Winograd's method: transformed, it is a sum over tiles for each
// point. What is summed in which order does not depend on how samples are divided between calls.

// The 4 x 4 pixels of the result of tile t, spread to points: one vector of filters.
static TW_INLINE void G(result_to_points)(const G(group) *g, const T *result, T *products,
                                          int64_t t) {
  const tw_blocked_convolution *conv = g->conv;
  const G(corner) corner = G(corner_of)(g, g->first + t);
  result += corner.sample * g->result_slice + (corner.y * conv->width + corner.x) * BLOCK;
  V x[POINTS];
  UNROLL
  for (int i = 0; i < 4; i++) {
    UNROLL
    for (int j = 0; j < 4; j++) {
      const int inside = corner.y + i < conv->height && corner.x + j < conv->width;
      x[i * 6 + j] = inside ? G(load)(result + (i * conv->width + j) * BLOCK) : (V){0};
    }
    G(result_points)(x + i * 6, 1);
  }
  UNROLL
  for (int j = 0; j < 6; j++) {
    G(result_points)(x + j, 6);
    UNROLL
    for (int i = 0; i < 6; i++) {
      G(store)(products + (i * 6 + j) * g->product + t * BLOCK, x[i * 6 + j]);
    }
  }
}

// How the sums of a group join those before.
typedef struct {
  int first, chained;  // there are none; the sums go on from them
} G(joining);

// The sums over the tiles of a group, for the vectors of filters that the products belong to.
static void G(gather_points)(const G(group) *g, G(strip) s, T *kernel, int64_t vectors) {
  const int64_t channels = g->conv->channels;
  for (int64_t p = 0; p < POINTS; p++, kernel += (channels + 1) * BLOCK) {
    s.result = g->products + p * g->product;
    for (int64_t c = 0; c < channels; c += BLOCK) {
      s.image = g->points + p * g->point + c * g->count;
      s.kernel = kernel + c * BLOCK;
      G(gather_channels)(s, vectors, tw_min(BLOCK, channels - c));
    }
  }
}

static void G(gather_group)(const G(group) *g, T *kernel, G(joining) joining) {
  const int64_t in_block = BLOCK / LANES, weights = POINTS * (g->conv->channels + 1) * BLOCK;
  const int64_t count = tw_blocks(g->conv->filters, BLOCK) * in_block;
  const tw_blocked_convolution row = {
    .height = 1, .width = g->count, .kernel_height = 1, .kernel_width = 1};
  const G(strip) s = {
    .conv = &row, .end = 1, .first = joining.first, .chained = joining.chained,
    .filter_stride = in_block > 1 ? LANES : weights,
    .result_stride = in_block > 1 ? LANES : g->count * BLOCK};
  for (int64_t t = 0; t < g->count; t++) G(image_to_points)(g, t);
  for (int64_t v = 0; v < count;) {
    const int64_t vectors = v + 1 < count ? 2 : 1;
    for (int64_t i = 0; i < vectors; i++) {
      const int64_t block = (v + i) / in_block, lane = (v + i) % in_block * LANES;
      const T *result = g->result + block * g->plane + lane;
      T *products = g->products + i * s.result_stride;
      for (int64_t t = 0; t < g->count; t++) G(result_to_points)(g, result, products, t);
    }
    G(gather_points)(g, s, kernel + v / in_block * weights + v % in_block * LANES, vectors);
    v += vectors;
  }
}

// A sample with many tiles is summed on its own. Adding the sums of a few tiles to the kernel
// would take longer than forming them, so small samples continue one sum.
static void G(winograd_kernel_samples)(const tw_blocked_convolution *conv, const void *image,
                                       void *kernel, const void *result, tw_samples samples,
                                       int first, void *scratch) {
  G(group) g = G(group_of)(conv, image, (void *)result, samples, scratch);
  const int64_t in_sample = g.rows * g.columns, chained = in_sample < WINOGRAD_STEP;
  if (!chained) g.most = tw_blocks(in_sample, tw_blocks(in_sample, g.most));
  for (; g.first < g.tiles; g.first += g.count) {
    const int64_t rest = chained ? g.tiles - g.first : in_sample - g.first % in_sample;
    g.count = tw_min(g.most, rest);
    G(gather_group)(&g, kernel, (G(joining)){first && g.first == 0, chained});
  }
}
