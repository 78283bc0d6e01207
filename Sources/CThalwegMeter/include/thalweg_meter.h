#ifndef THALWEG_METER_H
#define THALWEG_METER_H

#include <stdint.h>

// What the machine can do at most: multiply-adds and bytes a second. Nothing of the library is
// measured here, so that its figures can be read as fractions of these.

// The best and the median of several bursts, in units of work a second.
typedef struct {
  double best, median;
} tw_meter_rates;

// How a measurement is done: by so many threads at once, in bursts of about so many seconds.
typedef struct {
  int32_t threads, bursts;
  double seconds;
} tw_meter_plan;

// Bits of the vectors of the widest instruction set that this processor has: 512, 256 or 128.
int32_t tw_meter_widest(void);

// Floating-point operations a second, where a multiply-add counts as two, on numbers of 32 or 64
// bits in vectors of 512, 256 or 128 bits. Zero where the processor has no such vectors.
tw_meter_rates tw_meter_peak(int32_t element_bits, int32_t vector_bits, tw_meter_plan plan);

typedef enum {
  TW_METER_COPY,    // a = b, by memcpy: two bytes of traffic for each byte
  TW_METER_TRIAD,   // a = b + s c: three arrays
  TW_METER_STREAM,  // the same with stores that go past the caches
} tw_meter_traffic;

// Bytes read and written a second, over arrays that take so many bytes together. The threads share
// these bytes. Zero where there is not enough memory.
tw_meter_rates tw_meter_bandwidth(tw_meter_traffic traffic, int64_t bytes, tw_meter_plan plan);

// Gives the free memory of the heap back to the system, so that resident memory is memory in use.
void tw_meter_trim(void);

#endif
