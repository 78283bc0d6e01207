#ifndef THALWEG_METER_INTERNAL_H
#define THALWEG_METER_INTERNAL_H

#include "include/thalweg_meter.h"

// What each thread of a team does. A round is a fixed amount of work.
typedef struct {
  void (*prepare)(void *context, int32_t member);
  void (*work)(void *context, int32_t member, int64_t rounds);
  void *context;
} tw_meter_task;

// Rounds a second of all threads together.
tw_meter_rates tw_meter_measure(const tw_meter_task *task, tw_meter_plan plan);

// Whether the processor has vectors of so many bits with fused multiply-adds. The narrowest ones
// are always there.
int32_t tw_meter_has(int32_t vector_bits);

#endif
