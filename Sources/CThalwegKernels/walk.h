#ifndef THALWEG_WALK_H
#define THALWEG_WALK_H

#include "internal.h"

// A place in a strided view, from which its elements are visited in the chain's order.
typedef struct {
  int64_t dims[TW_MAX_RANK], strides[TW_MAX_RANK], index[TW_MAX_RANK];
  int64_t offset;
  int32_t last;  // the innermost dimension
} tw_walk;

// Takes over the dims of the chain, merging neighbours that the view passes in equal steps.
static inline void tw_walk_merge(tw_walk *walk, const tw_chain *chain, const tw_view *view) {
  int32_t last = -1;
  for (int32_t k = 0; k < chain->rank; k++) {
    int64_t dim = chain->dims[k], stride = view->strides[k];
    if (dim == 1) continue;
    if (last >= 0 && walk->strides[last] == stride * dim) {
      walk->dims[last] *= dim;
    } else {
      walk->dims[++last] = dim;
    }
    walk->strides[last] = stride;
  }
  if (last < 0) {
    walk->dims[++last] = 1;
    walk->strides[last] = 0;
  }
  walk->last = last;
}

static inline void tw_walk_begin(
  tw_walk *walk, const tw_chain *chain, const tw_view *view, int64_t start) {
  tw_walk_merge(walk, chain, view);
  walk->offset = view->offset;
  for (int32_t k = walk->last; k >= 0; k--) {
    walk->index[k] = start ? start % walk->dims[k] : 0;
    start = start ? start / walk->dims[k] : 0;
    walk->offset += walk->index[k] * walk->strides[k];
  }
}

// Goes on to the beginning of the next row.
static TW_INLINE void tw_walk_next_row(tw_walk *walk) {
  int32_t k = walk->last;
  walk->offset -= walk->index[k] * walk->strides[k];
  walk->index[k] = 0;
  while (--k >= 0) {
    walk->offset += walk->strides[k];
    if (++walk->index[k] < walk->dims[k]) return;
    walk->offset -= walk->dims[k] * walk->strides[k];
    walk->index[k] = 0;
  }
}

// The index that a shifted view reads along an axis, or -1 where it is zero.
static TW_INLINE int64_t tw_shifted(const tw_shift *shift, int64_t index) {
  index += shift->distance;
  if (0 <= index && index < shift->extent) return index;
  if (shift->boundary == TW_ZERO) return -1;
  if (shift->boundary == TW_REPLICATED) return index < 0 ? 0 : shift->extent - 1;
  index %= shift->extent;
  return index < 0 ? index + shift->extent : index;
}

// The offset of a row of a shifted view from the indices of all axes but the last, or -1 where the
// row is zero.
static inline int64_t tw_shifted_row(
  const tw_view *view, const int64_t *index, int32_t last) {
  int64_t offset = 0;
  for (int32_t k = 0; k < last; k++) {
    const int64_t source = tw_shifted(&view->shifts[k], index[k]);
    if (source < 0) return -1;
    offset += source * view->strides[k];
  }
  return offset;
}

#endif
