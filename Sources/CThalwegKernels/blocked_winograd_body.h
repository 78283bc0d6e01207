// Convolutions of 3 x 3 taps by Winograd's method, a group of tiles at a time: the tiles of the
// image are transformed; for each of the 36 points there is a convolution of one tap, with the
// group's tiles as its pixels; and what comes out is transformed back. A group is as large as cache
// allows, so that a weight, once loaded, serves many tiles.

typedef struct {
  const tw_blocked_convolution *conv;
  const T *image;                // of the first sample
  T *result;
  int64_t image_slice, result_slice, plane;
  int64_t rows, columns;         // of tiles in a sample
  int64_t tiles, most;           // of all samples; in a group
  int64_t fetchable;             // tiles of all samples and of the one behind
  int64_t first, count;          // the tiles of this group
  T *points, *products;          // scratch: [36][block][tile] and [36][vector of filters][tile]
  int64_t point, product;        // from a point to the next one, in either
} G(group);

// Where a tile begins.
typedef struct {
  int64_t sample, y, x;
} G(corner);

static TW_INLINE G(corner) G(corner_of)(const G(group) *g, int64_t tile) {
  const int64_t in_sample = g->rows * g->columns, place = tile % in_sample;
  return (G(corner)){tile / in_sample, place / g->columns * 4, place % g->columns * 4};
}

// One vector of channels of 6 x 6 pixels, transformed. Rows and columns are offsets, < 0 outside.
static TW_INLINE void G(pixels_to_points)(const T *image, const int64_t *rows,
                                          const int64_t *columns, T *points, int64_t point) {
  V x[POINTS];
  UNROLL
  for (int i = 0; i < 6; i++) {
    UNROLL
    for (int j = 0; j < 6; j++) {
      const int inside = rows[i] >= 0 && columns[j] >= 0;
      x[i * 6 + j] = inside ? G(load)(image + rows[i] + columns[j]) : (V){0};
    }
    G(image_points)(x + i * 6, 1);
  }
  UNROLL
  for (int j = 0; j < 6; j++) {
    G(image_points)(x + j, 6);
    UNROLL
    for (int i = 0; i < 6; i++) G(store)(points + (i * 6 + j) * point, x[i * 6 + j]);
  }
}

// All channels of what tile t of the group meets.
static void G(image_to_points)(const G(group) *g, int64_t t) {
  const tw_blocked_convolution *conv = g->conv;
  const G(corner) corner = G(corner_of)(g, g->first + t);
  int64_t rows[6], columns[6];
  for (int i = 0; i < 6; i++) {
    rows[i] = tw_pixel_at(corner.y + i - 1, conv->height, conv->periodic) * conv->width * BLOCK;
    columns[i] = tw_pixel_at(corner.x + i - 1, conv->width, conv->periodic) * BLOCK;
  }
  const T *image = g->image + corner.sample * g->image_slice;
  T *points = g->points + t * BLOCK;
  for (int64_t c = 0; c < conv->channels; c += BLOCK) {
    for (int64_t lane = 0; lane < BLOCK; lane += LANES) {
      G(pixels_to_points)(image + lane, rows, columns, points + lane, g->point);
    }
    image += g->plane;
    points += g->count * BLOCK;
  }
}

// One vector of filters of the 4 x 4 pixels of the result of tile t.
static void G(products_to_result)(const G(group) *g, const T *products, T *result, int64_t t) {
  const tw_blocked_convolution *conv = g->conv;
  const G(corner) corner = G(corner_of)(g, g->first + t);
  V x[POINTS];
  UNROLL
  for (int j = 0; j < 6; j++) {
    UNROLL
    for (int i = 0; i < 6; i++) {
      x[i * 6 + j] = G(load)(products + (i * 6 + j) * g->product + t * BLOCK);
    }
    G(points_result)(x + j, 6);
  }
  result += corner.sample * g->result_slice + (corner.y * conv->width + corner.x) * BLOCK;
  UNROLL
  for (int i = 0; i < 4; i++) {
    if (corner.y + i >= conv->height) break;
    G(points_result)(x + i * 6, 1);
    UNROLL
    for (int j = 0; j < 4; j++) {
      if (corner.x + j >= conv->width) continue;
      G(store)(result + (i * conv->width + j) * BLOCK, x[i * 6 + j]);
    }
  }
}

// Fetches the pixels under a tile.
static void G(fetch_tile)(const G(group) *g, int64_t tile) {
  const tw_blocked_convolution *conv = g->conv;
  const G(corner) corner = G(corner_of)(g, tile);
  const T *image = g->image + corner.sample * g->image_slice + corner.x * BLOCK;
  for (int64_t c = 0; c < conv->channels; c += BLOCK, image += g->plane) {
    for (int64_t y = corner.y; y < tw_min(corner.y + 4, conv->height); y++) {
      UNROLL
      for (int x = 0; x < 4; x++) __builtin_prefetch(image + (y * conv->width + x) * BLOCK, 0, 2);
    }
  }
}

// Fetches a share of the next group for each point.
static TW_INLINE void G(fetch_next)(const G(group) *g, int64_t point) {
  const int64_t next = g->first + g->count;
  const int64_t begin = next + point * g->count / POINTS;
  const int64_t end = tw_min(g->fetchable, next + (point + 1) * g->count / POINTS);
  for (int64_t tile = begin; tile < end; tile++) G(fetch_tile)(g, tile);
}

// The convolutions of one tap, for the filters of a tile of theirs.
static void G(multiply_points)(const G(group) *g, const G(tiles) *tiles, G(tile_rows) rows,
                               const T *kernel, int fetches) {
  for (int64_t p = 0; p < POINTS; p++) {
    if (fetches) G(fetch_next)(g, p);
    rows.image = g->points + p * g->point;
    G(run_row)(tiles, &rows, kernel + p * (rows.channels + 1) * BLOCK,
               g->products + p * g->product);
  }
}

static void G(convolve_group)(const G(group) *g, const T *kernel) {
  const int64_t in_block = BLOCK / LANES, channels = g->conv->channels;
  const int64_t vectors = tw_blocks(g->conv->filters, BLOCK) * in_block;
  const int64_t weights = POINTS * (channels + 1) * BLOCK;
  const G(tile_rows) rows = {
    .plane = g->count * BLOCK, .channels = channels, .width = g->count, .kernel_height = 1,
    .filter_stride = in_block > 1 ? LANES : weights,
    .result_stride = in_block > 1 ? LANES : g->count * BLOCK, .ahead = -1, .count = 1};
  for (int64_t t = 0; t < g->count; t++) G(image_to_points)(g, t);
  for (int64_t v = 0; v < vectors;) {
    const G(tiles) *tiles = G(tiles_for)(1, vectors - v);
    const T *filters = kernel + v / in_block * weights + v % in_block * LANES;
    G(multiply_points)(g, tiles, rows, filters, v == 0);
    for (int64_t i = 0; i < tiles->vectors; i++, v++) {
      const T *products = g->products + i * rows.result_stride;
      T *result = g->result + v / in_block * g->plane + v % in_block * LANES;
      for (int64_t t = 0; t < g->count; t++) G(products_to_result)(g, products, result, t);
    }
  }
}

static G(group) G(group_of)(const tw_blocked_convolution *conv, const void *image, void *result,
                            tw_samples samples, void *scratch) {
  const int64_t plane = conv->height * conv->width * BLOCK;
  const int64_t blocks = tw_blocks(conv->channels, BLOCK);
  G(group) g = {
    .conv = conv, .plane = plane, .image = image, .result = result,
    .rows = tw_blocks(conv->height, 4), .columns = tw_blocks(conv->width, 4),
    .image_slice = blocks * plane, .result_slice = tw_blocks(conv->filters, BLOCK) * plane,
    .most = tw_winograd_tiles(blocks), .points = scratch};
  g.tiles = samples.count * g.rows * g.columns;
  g.fetchable = g.tiles + (samples.more ? g.rows * g.columns : 0);
  // The extra line keeps points from falling on the same addresses modulo 4096.
  g.point = (blocks * g.most + 1) * BLOCK;
  g.product = (2 * g.most + 1) * BLOCK;
  g.products = g.points + POINTS * g.point;
  return g;
}

static void G(winograd_samples)(const tw_blocked_convolution *conv, const void *image,
                                const void *kernel, void *result, tw_samples samples,
                                void *scratch) {
  G(group) g = G(group_of)(conv, image, result, samples, scratch);
  for (; g.first < g.tiles; g.first += g.count) {
    g.count = tw_min(g.most, g.tiles - g.first);
    G(convolve_group)(&g, kernel);
  }
}
