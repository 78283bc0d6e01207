// The three products of one block of one group; `result` points at the block's first pixel.
typedef struct {
  T *image, *kernel, *result, *columns;
  int64_t width, pitch;  // pixels in the block; elements between the rows of the columns
  int first;             // nothing has been added to the kernel so far
} F(block);

static void F(multiply)(const tw_layout *layout, const F(block) *b) {
  BLAS(gemm)(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)layout->filters, (int)b->width,
             (int)layout->taps, 1, b->kernel, (int)layout->taps, b->columns, (int)b->pitch,
             0, b->result, (int)layout->pixels);
}

static void F(multiply_adjoint)(const tw_layout *layout, const F(block) *b) {
  BLAS(gemm)(CblasRowMajor, CblasTrans, CblasNoTrans, (int)layout->taps, (int)b->width,
             (int)layout->filters, 1, b->kernel, (int)layout->taps, b->result,
             (int)layout->pixels, 0, b->columns, (int)b->pitch);
}

static void F(multiply_kernel)(const tw_layout *layout, const F(block) *b) {
  BLAS(gemm)(CblasRowMajor, CblasNoTrans, CblasTrans, (int)layout->filters, (int)layout->taps,
             (int)b->width, 1, b->result, (int)layout->pixels, b->columns, (int)b->pitch,
             b->first ? 0 : 1, b->kernel, (int)layout->taps);
}

static void F(run_block)(const tw_convolution *conv, const tw_layout *layout, F(block) b,
                         int64_t begin, int pass) {
  const int64_t end = tw_min(begin + layout->rows, conv->result_height);
  const F(transfer) transfer = {conv, b.image, b.columns, begin, end};
  b.result += begin * conv->result_width;
  b.width = b.pitch = (end - begin) * conv->result_width;
  if (layout->direct) {
    b.columns = b.image + begin * conv->result_width;
    b.pitch = layout->pixels;
  } else if (pass != ADJOINT) {
    F(image_to_columns)(&transfer, layout->channels);
  }
  if (pass == FORWARD) F(multiply)(layout, &b);
  else if (pass == ADJOINT) F(multiply_adjoint)(layout, &b);
  else F(multiply_kernel)(layout, &b);
  if (pass == ADJOINT && !layout->direct) F(columns_to_image)(&transfer, layout->channels);
}

static void F(run_image)(const tw_convolution *conv, const tw_layout *layout, F(block) b,
                         int first_image, int pass) {
  for (int64_t g = 0; g < conv->groups; g++) {
    if (pass == ADJOINT && !layout->direct) memset(b.image, 0, layout->image * sizeof(T));
    for (int64_t begin = 0; begin < conv->result_height; begin += layout->rows) {
      b.first = first_image && begin == 0;
      F(run_block)(conv, layout, b, begin, pass);
    }
    b.image += layout->image;
    b.kernel += layout->kernel;
    b.result += layout->result;
  }
}

static int32_t F(convolve)(
  const void *arguments, void *const *slots, const tw_part *part, int pass) {
  const tw_convolution *conv = arguments;
  const tw_layout layout = layout_of(conv);
  const int64_t image = layout.image * conv->groups, result = layout.result * conv->groups;
  F(block) b = {0};
  b.image = (T *)slots[conv->image.slot] + conv->image.offset + part->begin * image;
  b.kernel = (T *)slots[conv->kernel.slot] + conv->kernel.offset;
  b.result = (T *)slots[conv->result.slot] + conv->result.offset + part->begin * result;
  if (!layout.direct) b.columns = slots[conv->scratch];
  if (pass == KERNEL && part->first && conv->batch * layout.pixels == 0) {
    memset(b.kernel, 0, layout.kernel * conv->groups * sizeof(T));
  }
  for (int64_t i = part->begin; i < part->end; i++) {
    F(run_image)(conv, &layout, b, part->first && i == part->begin, pass);
    b.image += image;
    b.result += result;
  }
  return 0;
}

#define PASS(name, pass)                                                                    \
  int32_t F(tw_##name)(const void *arguments, void *const *slots, const tw_part *part) {    \
    return F(convolve)(arguments, slots, part, pass);                                       \
  }
PASS(convolve, FORWARD)
PASS(convolve_adjoint, ADJOINT)
PASS(convolve_kernel, KERNEL)
#undef PASS
