#include "internal.h"

// A multiplier and a summand by which accumulators settle at a number of ordinary size.
#define FACTOR 0.999
#define SUMMAND 0.001

// Enough multiply-adds under way to hide the latency of one (4 cycles, two a cycle), and few enough
// for the registers: 32 of 512 bits, 16 of the narrower ones.
#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define NAME(name) CONCAT(name, SUFFIX)

typedef void (*loop)(int64_t rounds);
enum { ROUND = 1024 };

// What the loops of each thread compute, so that they cannot be left out.
static _Thread_local volatile double sink;

#define ELEMENT float
#if defined(__x86_64__)
#define BITS 512
#define ACCUMULATORS 16
#define TARGET __attribute__((target("avx512f")))
#define SUFFIX _f32_512
#include "peak_body.h"
#define BITS 256
#define ACCUMULATORS 12
#define TARGET __attribute__((target("avx2,fma")))
#define SUFFIX _f32_256
#include "peak_body.h"
#endif
#define BITS 128
#define ACCUMULATORS 12
#define TARGET
#define SUFFIX _f32_128
#include "peak_body.h"
#undef ELEMENT

#define ELEMENT double
#if defined(__x86_64__)
#define BITS 512
#define ACCUMULATORS 16
#define TARGET __attribute__((target("avx512f")))
#define SUFFIX _f64_512
#include "peak_body.h"
#define BITS 256
#define ACCUMULATORS 12
#define TARGET __attribute__((target("avx2,fma")))
#define SUFFIX _f64_256
#include "peak_body.h"
#endif
#define BITS 128
#define ACCUMULATORS 12
#define TARGET
#define SUFFIX _f64_128
#include "peak_body.h"
#undef ELEMENT

static loop chosen(int32_t element_bits, int32_t vector_bits) {
  const int is_single = element_bits == 32;
#if defined(__x86_64__)
  if (vector_bits == 512) return is_single ? multiply_add_f32_512 : multiply_add_f64_512;
  if (vector_bits == 256) return is_single ? multiply_add_f32_256 : multiply_add_f64_256;
#endif
  return is_single ? multiply_add_f32_128 : multiply_add_f64_128;
}

static void prepare(void *context, int32_t member) {
  (void)context;
  (void)member;
}

static void work(void *context, int32_t member, int64_t rounds) {
  (void)member;
  (*(loop *)context)(rounds);
}

tw_meter_rates tw_meter_peak(int32_t element_bits, int32_t vector_bits, tw_meter_plan plan) {
  if (!tw_meter_has(vector_bits)) return (tw_meter_rates){0, 0};
  loop function = chosen(element_bits, vector_bits);
  const tw_meter_task task = {prepare, work, &function};
  tw_meter_rates rates = tw_meter_measure(&task, plan);
  const double accumulators = vector_bits == 512 ? 16 : 12;
  const double operations = 2.0 * ROUND * accumulators * vector_bits / element_bits;
  return (tw_meter_rates){rates.best * operations, rates.median * operations};
}
