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
        F(move_tap)(t, columns, channel, i, j, adjoint);
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
