// Image to columns, or the adjoint of that: columns are added to the image.
typedef struct {
  const tw_convolution *conv;
  T *image, *columns;      // the image of one group; the columns of rows begin ..< end
  int64_t begin, end;
} F(transfer);

static TW_INLINE void F(move)(
  T *columns, T *image, int64_t stride, int64_t count, int adjoint) {
  if (adjoint && stride == 1) {
    TW_EACH(x, count, { image[x] += columns[x]; });
  } else if (adjoint) {
    for (int64_t x = 0; x < count; x++) image[x * stride] += columns[x];
  } else if (stride == 1) {
    TW_EACH(x, count, { columns[x] = image[x]; });
  } else {
    for (int64_t x = 0; x < count; x++) columns[x] = image[x * stride];
  }
}

static TW_INLINE void F(clear)(T *columns, int64_t count, int adjoint) {
  if (!adjoint) for (int64_t x = 0; x < count; x++) columns[x] = 0;
}

// One row of the result meets one row of the image, with tap j: runs of pixels until the row of
// the image ends, and anew from its beginning if it is periodic.
static TW_INLINE void F(move_row)(const tw_convolution *conv, T *columns, T *row, int64_t j,
                                  int adjoint) {
  const int64_t stride = conv->stride_x, width = conv->width, count = conv->result_width;
  const int64_t first = j - conv->left;
  if (!conv->periodic) {
    const int64_t begin = tw_min(steps_within(-first, stride), count);
    const int64_t end = tw_max(begin, tw_min(steps_within(width - first, stride), count));
    F(clear)(columns, begin, adjoint);
    F(move)(columns + begin, row + first + begin * stride, stride, end - begin, adjoint);
    F(clear)(columns + end, count - end, adjoint);
    return;
  }
  for (int64_t x = 0; x < count;) {
    const int64_t pixel = pixel_at(first + x * stride, width, 1);
    const int64_t run = tw_min(steps_within(width - pixel, stride), count - x);
    F(move)(columns + x, row + pixel, stride, run, adjoint);
    x += run;
  }
}

// Whether a tap is the image itself, moved: every row of the result is as long as one of the image.
static inline int F(is_shift)(const tw_convolution *conv, int64_t j) {
  const int64_t shift = j - conv->left;
  return !conv->periodic && conv->stride_x == 1 && conv->stride_y == 1 &&
         conv->result_width == conv->width && shift > -conv->width && shift < conv->width;
}

// Zeros where a moved row would reach into its neighbour.
static TW_INLINE void F(clear_edge)(T *columns, int64_t rows, int64_t width, int64_t shift) {
  const int64_t begin = shift < 0 ? 0 : width - shift, end = shift < 0 ? -shift : width;
  for (int64_t y = 0; y < rows; y++) {
    for (int64_t x = begin; x < end; x++) columns[y * width + x] = 0;
  }
}

// All rows of a tap at once. In the adjoint the edges are cleared first and so add nothing.
static TW_INLINE void F(move_shifted)(const F(transfer) *t, T *columns, T *channel, int64_t i,
                                      int64_t j, int adjoint) {
  const tw_convolution *conv = t->conv;
  const int64_t width = conv->width, shift = j - conv->left, drop = i - conv->top;
  const int64_t begin = tw_min(tw_max(t->begin, -drop), t->end);
  const int64_t end = tw_max(begin, tw_min(t->end, conv->height - drop));
  const int64_t rows = end - begin, from = shift < 0 ? -shift : 0;
  const int64_t count = rows * width - (shift < 0 ? -shift : shift);
  F(clear)(columns, (begin - t->begin) * width, adjoint);
  columns += (begin - t->begin) * width;
  F(clear)(columns + rows * width, (t->end - end) * width, adjoint);
  T *image = channel + (begin + drop) * width + shift;
  if (adjoint) F(clear_edge)(columns, rows, width, shift);
  if (count > 0) F(move)(columns + from, image + from, 1, count, adjoint);
  if (!adjoint) F(clear_edge)(columns, rows, width, shift);
}

static TW_INLINE void F(move_tap)(const F(transfer) *t, T *columns, T *channel, int64_t i,
                                  int64_t j, int adjoint) {
  const tw_convolution *conv = t->conv;
  for (int64_t y = t->begin; y < t->end; y++, columns += conv->result_width) {
    const int64_t position = y * conv->stride_y + i - conv->top;
    const int64_t row = pixel_at(position, conv->height, conv->periodic);
    if (row < 0) F(clear)(columns, conv->result_width, adjoint);
    else F(move_row)(conv, columns, channel + row * conv->width, j, adjoint);
  }
}

static TW_INLINE void F(move_all)(const F(transfer) *t, int64_t channels, int adjoint) {
  const tw_convolution *conv = t->conv;
  const int64_t length = (t->end - t->begin) * conv->result_width;
  T *columns = t->columns, *channel = t->image;
  for (int64_t c = 0; c < channels; c++, channel += conv->height * conv->width) {
    for (int64_t i = 0; i < conv->kernel_height; i++) {
      for (int64_t j = 0; j < conv->kernel_width; j++, columns += length) {
        if (F(is_shift)(conv, j)) F(move_shifted)(t, columns, channel, i, j, adjoint);
        else F(move_tap)(t, columns, channel, i, j, adjoint);
      }
    }
  }
}

TW_CLONES static void F(image_to_columns)(const F(transfer) *t, int64_t channels) {
  F(move_all)(t, channels, 0);
}

TW_CLONES static void F(columns_to_image)(const F(transfer) *t, int64_t channels) {
  F(move_all)(t, channels, 1);
}
