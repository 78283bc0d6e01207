#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { LINE = 64, MAX_THREADS = 256 };

typedef void (*pass)(float *a, const float *b, const float *c, int64_t count);

typedef struct {
  pass pass;
  float *memory;     // of all threads
  int64_t count;     // elements of one array of one thread
  int64_t distance;  // elements between one array and the next
} traffic;

static void copy(float *a, const float *b, const float *c, int64_t count) {
  (void)c;
  memcpy(a, b, (size_t)count * sizeof *a);
}

#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define NAME(name) CONCAT(name, BITS)

#if defined(__x86_64__)
#define BITS 512
#define TARGET __attribute__((target("avx512f")))
#include "bandwidth_body.h"
#define BITS 256
#define TARGET __attribute__((target("avx2,fma")))
#include "bandwidth_body.h"
#endif
#define BITS 128
#define TARGET
#include "bandwidth_body.h"

static pass chosen(tw_meter_traffic kind) {
  if (kind == TW_METER_COPY) return copy;
  const int streams = kind == TW_METER_STREAM;
#if defined(__x86_64__)
  if (tw_meter_widest() == 512) return streams ? stream_512 : triad_512;
  if (tw_meter_widest() == 256) return streams ? stream_256 : triad_256;
#endif
  return streams ? stream_128 : triad_128;
}

static float *array(const traffic *traffic, int32_t member, int32_t index) {
  return traffic->memory + (3 * member + index) * traffic->distance;
}

// Every thread writes its own arrays first, so that their pages are near to it.
static void prepare(void *context, int32_t member) {
  const traffic *traffic = context;
  for (int32_t index = 0; index < 3; index++) {
    float *numbers = array(traffic, member, index);
    for (int64_t i = 0; i < traffic->count; i++) numbers[i] = (float)index;
  }
}

static void work(void *context, int32_t member, int64_t rounds) {
  const traffic *traffic = context;
  // Not known to the compiler, so that no pass over the same numbers is left out.
  const pass volatile pass = traffic->pass;
  for (int64_t round = 0; round < rounds; round++) {
    pass(
      array(traffic, member, 0), array(traffic, member, 1), array(traffic, member, 2),
      traffic->count);
  }
}

tw_meter_rates tw_meter_bandwidth(tw_meter_traffic kind, int64_t bytes, tw_meter_plan plan) {
  const int64_t threads =
    plan.threads < 1 ? 1 : plan.threads > MAX_THREADS ? MAX_THREADS : plan.threads;
  const int64_t arrays = kind == TW_METER_COPY ? 2 : 3, line = LINE / (int64_t)sizeof(float);
  int64_t lines = bytes / LINE / arrays / threads;
  if (lines < 1) lines = 1;
  traffic traffic = {.pass = chosen(kind), .count = lines * line};
  // Arrays at the same distance from a page would wait for each other's stores.
  traffic.distance = (traffic.count + 2047) / 1024 * 1024 + 5 * line;
  const size_t size = (size_t)(3 * threads * traffic.distance) * sizeof(float);
  traffic.memory = aligned_alloc(LINE, size);
  if (!traffic.memory) return (tw_meter_rates){0, 0};
  const tw_meter_task task = {prepare, work, &traffic};
  const tw_meter_rates rates = tw_meter_measure(&task, plan);
  free(traffic.memory);
  const double moved = (double)(arrays * traffic.count) * sizeof(float);
  return (tw_meter_rates){rates.best * moved, rates.median * moved};
}
