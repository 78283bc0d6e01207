// One level of instructions. A file defines LEVEL, VECTOR_BYTES, REGISTERS and the sizes of tiles,
// turns the instructions on and includes this.

#define JOIN(a, b) a##_##b
#define NAME(a, b) JOIN(a, b)
#define G(name) NAME(F(name), LEVEL)

#define V G(vector)
#define LANES (WIDTH * VECTOR_BYTES / 64)

// Loops over registers: arrays of sums are only kept in registers if no index is left.
#define UNROLL _Pragma("clang loop unroll(full)")

#include "product_shuffles.h"

#include "as_float.h"
#include "product_vector_body.h"
#include "product_transpose_body.h"
#include "product_row_body.h"
#include "product_dots_body.h"
#include "product_tile_body.h"
#include "product_level_body.h"

#include "as_double.h"
#include "product_vector_body.h"
#include "product_transpose_body.h"
#include "product_row_body.h"
#include "product_dots_body.h"
#include "product_tile_body.h"
#include "product_level_body.h"

#define KERNELS(suffix, lanes)                                                                     \
  {lanes, NAME(row_##suffix, LEVEL), NAME(tiles_##suffix, LEVEL), NAME(turned_##suffix, LEVEL)}
const tw_product_kernels NAME(tw_product, LEVEL)[2] = {
  KERNELS(f32, VECTOR_BYTES / 4), KERNELS(f64, VECTOR_BYTES / 8)};
