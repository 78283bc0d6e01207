#ifndef THALWEG_INTERNAL_H
#define THALWEG_INTERNAL_H

#include <stddef.h>
#include <string.h>

#include "include/thalweg_kernels.h"

// A package may not set compiler flags, so plain code would get SSE2 alone. A function marked
// TW_CLONES is compiled once per level and the loader picks the best one for the machine. What it
// calls is compiled with it only when inlined, hence TW_INLINE for every helper.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TW_SANITIZED 1
#endif
#endif
#if defined(__x86_64__) && defined(__linux__) && defined(TW_SANITIZED)
// The loader chooses before the thread sanitizer is ready for a call, so that it gets one level: the
// least that rounds as machine code does.
#define TW_CLONES __attribute__((target("arch=x86-64-v3")))
#elif defined(__x86_64__) && defined(__linux__)
#define TW_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TW_CLONES
#endif
#define TW_INLINE inline __attribute__((always_inline))

// Loops over independent elements. A rest shorter than a vector is done with masks where the
// processor has them, which takes as long as one whole vector; the results are the same.
#if defined(__x86_64__)
#define TW_MASKS _Pragma("clang loop vectorize_predicate(enable)")
#else
#define TW_MASKS
#endif
#define TW_EACH(i, count, statement)                              \
  do {                                                            \
    const int64_t whole_vectors = (count) & -(int64_t)WIDTH;      \
    TW_VECTORS                                                    \
    for (int64_t i = 0; i < whole_vectors; i++) statement         \
    TW_VECTORS TW_MASKS                                           \
    for (int64_t i = whole_vectors; i < (count); i++) statement   \
  } while (0)

typedef void (*tw_loop_f32)(
  float *result, const float *a, const float *b, const float *c, int64_t count);
typedef void (*tw_loop_f64)(
  double *result, const double *a, const double *b, const double *c, int64_t count);

// One loop for each tw_op. `result` may be one of the operands, but not overlap it otherwise.
extern const tw_loop_f32 tw_loops_f32[TW_OP_COUNT];
extern const tw_loop_f64 tw_loops_f64[TW_OP_COUNT];

static TW_INLINE int64_t tw_min(int64_t a, int64_t b) { return a < b ? a : b; }
static TW_INLINE int64_t tw_max(int64_t a, int64_t b) { return a > b ? a : b; }

#endif
