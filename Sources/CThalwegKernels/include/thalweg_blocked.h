#ifndef THALWEG_BLOCKED_H
#define THALWEG_BLOCKED_H

#include "thalweg_kernels.h"

// Images in blocks of channels: a logical [batch, channels, height, width] is stored as
// [batch, ceil(channels / B), height, width, B], where B numbers fill TW_BLOCK_BYTES. The surplus
// channels of the last block hold numbers that are finite and mean nothing.
#define TW_BLOCK_BYTES 64

// Which instructions a kernel may use: the best that the machine has, or no better than these.
typedef enum {
  TW_LEVEL_BEST = 0, TW_LEVEL_PORTABLE = 1, TW_LEVEL_AVX2 = 2, TW_LEVEL_AVX512 = 3
} tw_level;

// The level that this machine has.
tw_level tw_level_of_machine(void);

// ---- Layout --------------------------------------------------------------------------------

// Cut along the batch.
typedef struct {
  tw_operand plain, blocked;
  int32_t level;                    // tw_level
  int64_t batch, channels, pixels;  // pixels: height * width
} tw_blocking;

// plain -> blocked; the surplus channels become 0
int32_t tw_block_f32(const void *blocking, void *const *slots, const tw_part *part);
int32_t tw_block_f64(const void *blocking, void *const *slots, const tw_part *part);
// blocked -> plain
int32_t tw_unblock_f32(const void *blocking, void *const *slots, const tw_part *part);
int32_t tw_unblock_f64(const void *blocking, void *const *slots, const tw_part *part);

// ---- Kernels of convolutions ---------------------------------------------------------------

// A plain kernel is [filters, channels, height, width]. A packed one has for each block of filters,
// each block of channels and each row of taps the weights [channel, column of taps, filter]; the
// last block of channels is as short as it is, surplus filters are 0. A transformed one is for
// Winograd's method: [block of filters][36 points][channel, and a line of padding][filter].
typedef struct {
  tw_operand plain, packed, transformed;
  int32_t level;  // tw_level
  int64_t filters, channels, kernel_height, kernel_width;
} tw_packing;

// plain -> packed
int32_t tw_pack_f32(const void *packing, void *const *slots, const tw_part *part);
int32_t tw_pack_f64(const void *packing, void *const *slots, const tw_part *part);
// plain -> packed such that a convolution with it is the adjoint in the image: the result has
// filters and channels exchanged
int32_t tw_pack_adjoint_f32(const void *packing, void *const *slots, const tw_part *part);
int32_t tw_pack_adjoint_f64(const void *packing, void *const *slots, const tw_part *part);
// packed -> plain
int32_t tw_unpack_f32(const void *packing, void *const *slots, const tw_part *part);
int32_t tw_unpack_f64(const void *packing, void *const *slots, const tw_part *part);
// packed -> transformed; `filters` and `channels` are those of the packed kernel
int32_t tw_transform_f32(const void *packing, void *const *slots, const tw_part *part);
int32_t tw_transform_f64(const void *packing, void *const *slots, const tw_part *part);
// transformed -> packed: the adjoint of that
int32_t tw_transform_adjoint_f32(const void *packing, void *const *slots, const tw_part *part);
int32_t tw_transform_adjoint_f64(const void *packing, void *const *slots, const tw_part *part);

// ---- Convolution ---------------------------------------------------------------------------

// As tw_convolution with stride 1, one group, kernels of 1, 3 or 5 columns and an odd number of
// rows up to 5, and results as large as the image: top and left are half the kernel. Image and
// result are blocked. Cut along the batch.
typedef struct {
  tw_operand image, kernel, result;
  int32_t scratch;   // slot: tw_winograd_scratch() elements, for Winograd's method only
  int32_t periodic;
  int32_t level;     // tw_level
  int64_t batch, channels, height, width, filters, kernel_height, kernel_width;
} tw_blocked_convolution;

// image, packed kernel -> result; the surplus channels of the result become 0
int32_t tw_blocked_convolve_f32(const void *conv, void *const *slots, const tw_part *part);
int32_t tw_blocked_convolve_f64(const void *conv, void *const *slots, const tw_part *part);
// image, result -> packed kernel: the adjoint in the kernel, contracted over the batch
int32_t tw_blocked_convolve_kernel_f32(const void *conv, void *const *slots, const tw_part *part);
int32_t tw_blocked_convolve_kernel_f64(const void *conv, void *const *slots, const tw_part *part);

// The same for kernels of 3 x 3 by Winograd's method F(4x4, 3x3), with a transformed kernel: a
// quarter of the products, and rounding errors about three times as large.
int64_t tw_winograd_scratch_f32(const tw_blocked_convolution *conv);
int64_t tw_winograd_scratch_f64(const tw_blocked_convolution *conv);
int32_t tw_winograd_f32(const void *conv, void *const *slots, const tw_part *part);
int32_t tw_winograd_f64(const void *conv, void *const *slots, const tw_part *part);
int32_t tw_winograd_kernel_f32(const void *conv, void *const *slots, const tw_part *part);
int32_t tw_winograd_kernel_f64(const void *conv, void *const *slots, const tw_part *part);

#endif
