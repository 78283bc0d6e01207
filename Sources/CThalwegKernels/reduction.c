#include <math.h>

#include "internal.h"

// Rows are combined in a strip of at most STRIP elements, blocks of BLOCK rows at a time, and the
// strips of the blocks with each other: rounding errors grow with the length of a block and the
// number of blocks, not with the number of rows. The order depends on the shape alone.
enum { STRIP = 256, BLOCK = 128 };

#define SUM(a, b) ((a) + (b))
#define LARGER(a, b) ((((a) > (b)) | ((a) != (a))) ? (a) : (b))

#include "as_float.h"
#define COMBINE SUM
#define R(name) name##_sum_f32
#define NEUTRAL 0
#include "reduction_body.h"
#define COMBINE LARGER
#define R(name) name##_maximum_f32
#define NEUTRAL -INFINITY
#include "reduction_body.h"

#include "as_double.h"
#define COMBINE SUM
#define R(name) name##_sum_f64
#define NEUTRAL 0
#include "reduction_body.h"
#define COMBINE LARGER
#define R(name) name##_maximum_f64
#define NEUTRAL -INFINITY
#include "reduction_body.h"

#define KERNEL(name)                                                                   \
  int32_t tw_##name(const void *reduction, void *const *slots, const tw_part *part) {  \
    reduce_##name(reduction, slots, part);                                             \
    return 0;                                                                          \
  }
KERNEL(sum_f32)
KERNEL(sum_f64)
KERNEL(maximum_f32)
KERNEL(maximum_f64)
