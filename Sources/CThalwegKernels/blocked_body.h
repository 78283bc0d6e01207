// Entry points: from slots and parts to addresses and samples.

static TW_INLINE T *F(address)(void *const *slots, tw_operand operand) {
  return (T *)slots[operand.slot] + operand.offset;
}

static TW_INLINE int64_t F(blocked_slice)(int64_t channels, int64_t pixels) {
  return tw_blocks(channels, WIDTH) * WIDTH * pixels;
}

int32_t F(tw_block)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_blocking *b = arguments;
  const T *plain = F(address)(slots, b->plain) + part->begin * b->channels * b->pixels;
  T *blocked =
    F(address)(slots, b->blocked) + part->begin * F(blocked_slice)(b->channels, b->pixels);
  level_for(b->level)->block[TYPE](b, plain, blocked, part->end - part->begin);
  return 0;
}

int32_t F(tw_unblock)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_blocking *b = arguments;
  T *plain = F(address)(slots, b->plain) + part->begin * b->channels * b->pixels;
  const T *blocked =
    F(address)(slots, b->blocked) + part->begin * F(blocked_slice)(b->channels, b->pixels);
  level_for(b->level)->unblock[TYPE](b, plain, blocked, part->end - part->begin);
  return 0;
}

// The samples of a part of a convolution.
typedef struct {
  T *image, *kernel, *result;
  tw_samples samples;
} F(samples);

static F(samples) F(samples_of)(const tw_blocked_convolution *conv, void *const *slots,
                                const tw_part *part) {
  const int64_t pixels = conv->height * conv->width;
  F(samples) s = {F(address)(slots, conv->image), F(address)(slots, conv->kernel),
                  F(address)(slots, conv->result),
                  {part->end - part->begin, part->end < conv->batch}};
  s.image += part->begin * F(blocked_slice)(conv->channels, pixels);
  s.result += part->begin * F(blocked_slice)(conv->filters, pixels);
  return s;
}

int32_t F(tw_blocked_convolve)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_blocked_convolution *conv = arguments;
  const F(samples) s = F(samples_of)(conv, slots, part);
  level_for(conv->level)->convolve[TYPE](conv, s.image, s.kernel, s.result, s.samples);
  return 0;
}

// A sum over no pixels at all.
static void F(clear_kernel)(const tw_blocked_convolution *conv, const F(samples) *s,
                            int64_t taps, const tw_part *part) {
  if (!part->first || s->samples.count * conv->height * conv->width > 0) return;
  memset(s->kernel, 0, F(blocked_slice)(conv->filters, taps) * sizeof(T));
}

int32_t F(tw_blocked_convolve_kernel)(const void *arguments, void *const *slots,
                                      const tw_part *part) {
  const tw_blocked_convolution *conv = arguments;
  const F(samples) s = F(samples_of)(conv, slots, part);
  F(clear_kernel)(conv, &s, conv->channels * conv->kernel_height * conv->kernel_width, part);
  level_for(conv->level)->convolve_kernel[TYPE](
    conv, s.image, s.kernel, s.result, s.samples, part->first);
  return 0;
}

int64_t F(tw_winograd_scratch)(const tw_blocked_convolution *conv) {
  const int64_t blocks = tw_blocks(conv->channels, WIDTH);
  return POINTS * ((blocks + 2) * tw_winograd_tiles(blocks) + 2) * WIDTH;
}

int32_t F(tw_winograd)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_blocked_convolution *conv = arguments;
  const F(samples) s = F(samples_of)(conv, slots, part);
  level_for(conv->level)->winograd[TYPE](
    conv, s.image, s.kernel, s.result, s.samples, slots[conv->scratch]);
  return 0;
}

int32_t F(tw_winograd_kernel)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_blocked_convolution *conv = arguments;
  const F(samples) s = F(samples_of)(conv, slots, part);
  F(clear_kernel)(conv, &s, (conv->channels + 1) * POINTS, part);
  level_for(conv->level)->winograd_kernel[TYPE](
    conv, s.image, s.kernel, s.result, s.samples, part->first, slots[conv->scratch]);
  return 0;
}
