// Kernels of convolutions, plain and packed: see tw_packing for the order of the numbers.

// What is in lanes, and what a convolution sums over: filters and channels, or in the adjoint the
// other way round; it meets the taps in the opposite order.
typedef struct {
  int64_t lanes, lane_stride, sums, sum_stride;
  int reversed, unpacks;
} F(packing);

// A vector of the packed kernel; its lanes are `stride` apart in the plain one.
static TW_INLINE void F(pack_vector)(const F(packing) *axes, T *plain, T *packed, int64_t lanes) {
  const int64_t stride = axes->lane_stride;
  if (axes->unpacks) {
    for (int64_t l = 0; l < lanes; l++) plain[l * stride] = packed[l];
  } else if (lanes == WIDTH) {
    for (int64_t l = 0; l < WIDTH; l++) packed[l] = plain[l * stride];
  } else {
    for (int64_t l = 0; l < WIDTH; l++) packed[l] = l < lanes ? plain[l * stride] : 0;
  }
}

static void F(pack)(const tw_packing *p, F(packing) axes, void *const *slots) {
  const int64_t columns = p->kernel_width, taps = p->kernel_height * columns;
  T *plain = F(address)(slots, p->plain), *packed = F(address)(slots, p->packed);
  for (int64_t b = 0; b < axes.lanes; b += WIDTH) {
    const int64_t lanes = tw_min(WIDTH, axes.lanes - b);
    for (int64_t c = 0; c < axes.sums; c += WIDTH) {
      const int64_t end = tw_min(c + WIDTH, axes.sums);
      for (int64_t i = 0; i < taps; i += columns) {
        for (int64_t s = c; s < end; s++) {
          T *first = plain + b * axes.lane_stride + s * axes.sum_stride;
          for (int64_t j = i; j < i + columns; j++, packed += WIDTH) {
            F(pack_vector)(&axes, first + (axes.reversed ? taps - 1 - j : j), packed, lanes);
          }
        }
      }
    }
  }
}

static TW_INLINE F(packing) F(forward_axes)(const tw_packing *p) {
  const int64_t taps = p->kernel_height * p->kernel_width;
  return (F(packing)){p->filters, p->channels * taps, p->channels, taps, 0, 0};
}

int32_t F(tw_pack)(const void *arguments, void *const *slots, const tw_part *part) {
  (void)part;
  F(pack)(arguments, F(forward_axes)(arguments), slots);
  return 0;
}

int32_t F(tw_pack_adjoint)(const void *arguments, void *const *slots, const tw_part *part) {
  (void)part;
  const F(packing) f = F(forward_axes)(arguments);
  F(pack)(arguments, (F(packing)){f.sums, f.sum_stride, f.lanes, f.lane_stride, 1, 0}, slots);
  return 0;
}

int32_t F(tw_unpack)(const void *arguments, void *const *slots, const tw_part *part) {
  (void)part;
  F(packing) axes = F(forward_axes)(arguments);
  axes.unpacks = 1;
  F(pack)(arguments, axes, slots);
  return 0;
}

int32_t F(tw_transform)(const void *arguments, void *const *slots, const tw_part *part) {
  (void)part;
  const tw_packing *p = arguments;
  level_for(p->level)->transform[TYPE](
    p, F(address)(slots, p->packed), F(address)(slots, p->transformed));
  return 0;
}

int32_t F(tw_transform_adjoint)(const void *arguments, void *const *slots, const tw_part *part) {
  (void)part;
  const tw_packing *p = arguments;
  level_for(p->level)->transform_adjoint[TYPE](
    p, F(address)(slots, p->packed), F(address)(slots, p->transformed));
  return 0;
}
