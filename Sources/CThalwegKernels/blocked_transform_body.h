// Kernels of convolutions, packed and transformed for Winograd's method: see tw_packing.

// A weight of the packed kernel for each tap, or of the transformed one for each point.
typedef struct {
  int64_t row, column;  // from a row or column of taps to the next
  int64_t point;        // from a point to the next
} G(weights);

static TW_INLINE void G(transform_weights)(const T *packed, T *transformed, G(weights) w) {
  V x[POINTS];
  UNROLL
  for (int i = 0; i < 3; i++) {
    UNROLL
    for (int j = 0; j < 3; j++) x[i * 6 + j] = G(load)(packed + i * w.row + j * w.column);
    G(kernel_points)(x + i * 6, 1);
  }
  UNROLL
  for (int j = 0; j < 6; j++) {
    G(kernel_points)(x + j, 6);
    UNROLL
    for (int i = 0; i < 6; i++) G(store)(transformed + (i * 6 + j) * w.point, x[i * 6 + j]);
  }
}

static TW_INLINE void G(transform_weights_adjoint)(T *packed, const T *transformed,
                                                   G(weights) w) {
  V x[POINTS];
  UNROLL
  for (int j = 0; j < 6; j++) {
    UNROLL
    for (int i = 0; i < 6; i++) x[i * 6 + j] = G(load)(transformed + (i * 6 + j) * w.point);
    G(points_kernel)(x + j, 6);
  }
  UNROLL
  for (int i = 0; i < 3; i++) {
    G(points_kernel)(x + i * 6, 1);
    UNROLL
    for (int j = 0; j < 3; j++) G(store)(packed + i * w.row + j * w.column, x[i * 6 + j]);
  }
}

static TW_INLINE void G(transform_all)(const tw_packing *p, T *packed, T *transformed,
                                       int adjoint) {
  G(weights) w = {.column = BLOCK, .point = (p->channels + 1) * BLOCK};
  for (int64_t f = 0; f < p->filters; f += BLOCK) {
    for (int64_t c = 0; c < p->channels; c++) {
      const int64_t before = c / BLOCK * BLOCK, channels = tw_min(BLOCK, p->channels - before);
      w.row = channels * 3 * BLOCK;
      T *from = packed + (before * 9 + (c - before) * 3) * BLOCK, *to = transformed + c * BLOCK;
      for (int64_t lane = 0; lane < BLOCK; lane += LANES) {
        if (adjoint) G(transform_weights_adjoint)(from + lane, to + lane, w);
        else G(transform_weights)(from + lane, to + lane, w);
      }
    }
    packed += 9 * p->channels * BLOCK;
    transformed += POINTS * w.point;
  }
}

static void G(transform_packed)(const tw_packing *p, const void *packed, void *transformed) {
  G(transform_all)(p, (T *)packed, transformed, 0);
}

static void G(transform_packed_adjoint)(const tw_packing *p, void *packed,
                                        const void *transformed) {
  G(transform_all)(p, packed, (T *)transformed, 1);
}
