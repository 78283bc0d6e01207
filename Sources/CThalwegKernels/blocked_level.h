// One level of instructions. A file defines LEVEL, VECTOR_BYTES, REGISTERS and PIN, turns the
// instructions on and includes this.

#define JOIN(a, b) a##_##b
#define NAME(a, b) JOIN(a, b)
#define G(name) NAME(F(name), LEVEL)

#define V G(vector)
#define BLOCK WIDTH
#define LANES (WIDTH * VECTOR_BYTES / TW_BLOCK_BYTES)

// Loops over registers: arrays of sums are only kept in registers if no index is left.
#define UNROLL _Pragma("clang loop unroll(full)")

#include "as_float.h"
#include "blocked_level_bodies.h"

#include "as_double.h"
#include "blocked_level_bodies.h"

#define BOTH(name) {NAME(name##_f32, LEVEL), NAME(name##_f64, LEVEL)}
const tw_blocked_level NAME(tw_blocked, LEVEL) = {
  .block = BOTH(block_samples),
  .unblock = BOTH(unblock_samples),
  .convolve = BOTH(convolve_samples),
  .convolve_kernel = BOTH(gather_samples),
  .winograd = BOTH(winograd_samples),
  .winograd_kernel = BOTH(winograd_kernel_samples),
  .transform = BOTH(transform_packed),
  .transform_adjoint = BOTH(transform_packed_adjoint),
};
