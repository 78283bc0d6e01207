#ifndef THALWEG_BLOCKED_INTERNAL_H
#define THALWEG_BLOCKED_INTERNAL_H

#include "include/thalweg_blocked.h"
#include "internal.h"

enum {
  MAX_TAPS = 5,             // of a kernel, in either direction
  ROWS_AHEAD = 2,           // how early a row of an image is fetched
  PIECE_BYTES = 16384,      // of a block of channels, that is summed at once for the kernel
  MOST_CHANNELS = 8,        // in a tile of the kernel
  POINTS = 36,              // of Winograd's method
  WINOGRAD_BYTES = 600000,  // for what it knows of a group of tiles: half of a usual L2 cache
  WINOGRAD_STEP = 12,       // the number of tiles that suits the widest tiles of one tap
};

// The samples that a call works on.
typedef struct {
  int64_t count;
  int more;  // whether another one lies behind them, whose pixels may be fetched early
} tw_samples;

// What a level of instructions provides: the work on some samples, given where the first of them
// begins. One entry each for float and double.
typedef struct {
  void (*block[2])(
    const tw_blocking *blocking, const void *plain, void *blocked, int64_t samples);
  void (*unblock[2])(
    const tw_blocking *blocking, void *plain, const void *blocked, int64_t samples);
  void (*convolve[2])(
    const tw_blocked_convolution *conv, const void *image, const void *kernel, void *result,
    tw_samples samples);
  // The kernel is set where `first`, added to otherwise.
  void (*convolve_kernel[2])(
    const tw_blocked_convolution *conv, const void *image, void *kernel, const void *result,
    tw_samples samples, int first);
  // The same by Winograd's method, with a transformed kernel.
  void (*winograd[2])(
    const tw_blocked_convolution *conv, const void *image, const void *kernel, void *result,
    tw_samples samples, void *scratch);
  void (*winograd_kernel[2])(
    const tw_blocked_convolution *conv, const void *image, void *kernel, const void *result,
    tw_samples samples, int first, void *scratch);
  void (*transform[2])(const tw_packing *packing, const void *packed, void *transformed);
  void (*transform_adjoint[2])(const tw_packing *packing, void *packed, const void *transformed);
} tw_blocked_level;

enum { FLOAT, DOUBLE };

extern const tw_blocked_level tw_blocked_portable;
#if defined(__x86_64__)
extern const tw_blocked_level tw_blocked_avx2, tw_blocked_avx512;
#endif

// The pixel at a position on an axis: -1 outside, unless the axis is periodic.
static TW_INLINE int64_t tw_pixel_at(int64_t position, int64_t extent, int periodic) {
  if (position >= 0 && position < extent) return position;
  if (!periodic) return -1;
  position %= extent;
  return position < 0 ? position + extent : position;
}

// The number of blocks of `size` channels.
static TW_INLINE int64_t tw_blocks(int64_t channels, int64_t size) {
  return (channels + size - 1) / size;
}

// How many tiles Winograd's method handles together, for so many blocks of channels.
static TW_INLINE int64_t tw_winograd_tiles(int64_t blocks) {
  const int64_t fitting = WINOGRAD_BYTES / (POINTS * TW_BLOCK_BYTES * (blocks + 2));
  return tw_max(1, tw_min(4, fitting / WINOGRAD_STEP)) * WINOGRAD_STEP;
}

#endif
