#include <stdatomic.h>

#include "internal.h"

typedef struct {
  const tw_region *region;
  void *const *slots;
  char *partials;
  _Atomic int32_t status;
} tw_region_run;

static TW_INLINE int64_t bound(const tw_region *region, int64_t piece) {
  return region->extent * piece / region->pieces;
}

static TW_INLINE int64_t element_size(const tw_accumulator *a) { return a->is_double ? 8 : 4; }

// Points a slot at memory in which element or row `index` would be the first, so that kernels count
// from the beginning of the batch as everywhere.
static TW_INLINE void *biased(char *memory, int64_t index, int64_t size) {
  return (void *)((uintptr_t)memory - (uintptr_t)(index * size));
}

static void bind_partials(const tw_region_run *run, void **table, int64_t piece) {
  for (int32_t i = 0; i < run->region->accumulator_count; i++) {
    const tw_accumulator *a = &run->region->accumulators[i];
    const int64_t size = element_size(a);
    table[a->slot] = biased(run->partials + a->partials + piece * a->count * size, a->offset, size);
  }
}

static void run_piece(void *context, int64_t piece, int32_t worker, void *memory) {
  tw_region_run *run = context;
  const tw_region *region = run->region;
  void **table = memory;
  for (int32_t i = 0; i < region->slot_count; i++) {
    table[region->slots[i]] = run->slots[region->slots[i]];
  }
  if (region->pieces > 1) bind_partials(run, table, piece);
  const int64_t begin = bound(region, piece), end = bound(region, piece + 1);
  tw_part part = {begin, begin, 1, worker};
  while (part.begin < end) {
    part.end = tw_min(part.begin + region->grain, end);
    for (int32_t i = 0; i < region->private_count; i++) {
      const tw_private *p = &region->privates[i];
      table[p->slot] = biased((char *)memory + p->offset, part.begin, p->slice);
    }
    for (int64_t i = 0; i < region->count; i++) {
      const int32_t status = region->calls[i].kernel(region->calls[i].arguments, table, &part);
      if (__builtin_expect(status != 0, 0)) atomic_store(&run->status, status);
    }
    part.begin = part.end;
    part.first = 0;
  }
}

enum { FOLDED = 16384 };

#define FOLD(T, name)                                                                       \
  TW_CLONES static void name(T *result, const T *copies, int64_t count, int64_t stride,     \
                             int64_t pieces) {                                              \
    for (int64_t i = 0; i < count; i++) result[i] = copies[i];                              \
    for (int64_t p = 1; p < pieces; p++) {                                                  \
      const T *copy = copies + p * stride;                                                  \
      for (int64_t i = 0; i < count; i++) result[i] += copy[i];                             \
    }                                                                                       \
  }
FOLD(float, fold_f32)
FOLD(double, fold_f64)

typedef struct {
  const tw_accumulator *accumulator;
  char *copies;
  char *result;
  int64_t pieces;
} tw_folding;

// Adds a stretch of all copies in their order.
static void fold_piece(void *context, int64_t piece, int32_t worker, void *memory) {
  const tw_folding *f = context;
  const int64_t first = piece * FOLDED, all = f->accumulator->count;
  const int64_t count = tw_min(FOLDED, all - first), at = first * element_size(f->accumulator);
  if (f->accumulator->is_double) {
    fold_f64((double *)(f->result + at), (double *)(f->copies + at), count, all, f->pieces);
  } else {
    fold_f32((float *)(f->result + at), (float *)(f->copies + at), count, all, f->pieces);
  }
}

static void fold(const tw_region_run *run) {
  for (int32_t i = 0; i < run->region->accumulator_count; i++) {
    const tw_accumulator *a = &run->region->accumulators[i];
    char *result = (char *)run->slots[a->slot] + a->offset * element_size(a);
    tw_folding folding = {a, run->partials + a->partials, result, run->region->pieces};
    tw_parallel((a->count + FOLDED - 1) / FOLDED, fold_piece, &folding, 64, NULL);
  }
}

int32_t tw_run_region(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_region *region = arguments;
  tw_region_run run = {region, slots, slots[region->partials], 0};
  tw_parallel(region->pieces, run_piece, &run, region->private_bytes, slots[region->memory]);
  if (region->pieces > 1) fold(&run);
  return atomic_load(&run.status);
}
