#include <cblas.h>

#include "internal.h"

// A convolution is a matrix product with "columns": for every tap (channel, i, j) a row with the
// pixels that it meets. They are formed for a block of result rows at a time, so that they stay
// in cache and the product is small enough for the library to work without copying its operands
// (PRODUCT_SIZE). Where this would leave few pixels, the copies are the lesser evil.
enum { PRODUCT_SIZE = 1000000, FEW_PIXELS = 64, MANY_PIXELS = 256 };

enum { FORWARD, ADJOINT, KERNEL };

typedef struct {
  int64_t channels, filters, taps;          // of one group; taps = channels * kernel area
  int64_t pixels, rows;                     // of a result image; result rows in a block
  int64_t image, kernel, result;            // elements of one group of each
  int direct;                               // a kernel of one tap: the image is its own columns
} tw_layout;

static tw_layout layout_of(const tw_convolution *conv) {
  tw_layout layout;
  layout.channels = conv->channels / conv->groups;
  layout.filters = conv->filters / conv->groups;
  layout.taps = layout.channels * conv->kernel_height * conv->kernel_width;
  layout.pixels = conv->result_height * conv->result_width;
  layout.image = layout.channels * conv->height * conv->width;
  layout.kernel = layout.filters * layout.taps;
  layout.result = layout.filters * layout.pixels;
  layout.direct = conv->kernel_height == 1 && conv->kernel_width == 1 && conv->stride_y == 1
    && conv->stride_x == 1 && conv->top == 0 && conv->left == 0
    && conv->result_height == conv->height && conv->result_width == conv->width;
  int64_t pixels = PRODUCT_SIZE / tw_max(1, layout.kernel);
  if (pixels < FEW_PIXELS) pixels = MANY_PIXELS;
  const int64_t rows = pixels / tw_max(1, conv->result_width);
  layout.rows = tw_max(1, tw_min(conv->result_height, rows));
  return layout;
}

int64_t tw_convolution_scratch(const tw_convolution *conv) {
  const tw_layout layout = layout_of(conv);
  return layout.direct ? 0 : layout.taps * layout.rows * conv->result_width;
}

// Where `position` falls on an axis of `extent` pixels: -1 outside, unless the axis is periodic.
static TW_INLINE int64_t pixel_at(int64_t position, int64_t extent, int periodic) {
  if (position >= 0 && position < extent) return position;
  if (!periodic) return -1;
  position %= extent;
  return position < 0 ? position + extent : position;
}

// The number of steps of length `stride` >= 1 that begin within `distance`.
static TW_INLINE int64_t steps_within(int64_t distance, int64_t stride) {
  if (distance <= 0) return 0;
  return stride == 1 ? distance : (distance + stride - 1) / stride;
}

#include "as_float.h"
#include "columns_body.h"
#include "convolution_body.h"

#include "as_double.h"
#include "columns_body.h"
#include "convolution_body.h"
