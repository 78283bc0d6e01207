#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "internal.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

enum { MAX_BURSTS = 64, MAX_THREADS = 256 };

typedef struct {
  const tw_meter_task *task;
  int32_t threads;
  atomic_int arrived, generation;
  int64_t rounds;  // of the next burst, 0 to end; written by member 0 between barriers
} team;

typedef struct {
  team *team;
  int32_t member;
} membership;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Threads spin here: a sleeping one would wake too late to share a burst.
static void barrier(team *team) {
  const int generation = atomic_load(&team->generation);
  if (atomic_fetch_add(&team->arrived, 1) == team->threads - 1) {
    atomic_store(&team->arrived, 0);
    atomic_store(&team->generation, generation + 1);
    return;
  }
  for (int64_t spins = 0; atomic_load(&team->generation) == generation; spins++) {
    if (spins > 100000) sched_yield();
  }
}

static void *follow(void *argument) {
  const membership *self = argument;
  team *team = self->team;
  team->task->prepare(team->task->context, self->member);
  for (;;) {
    barrier(team);
    if (team->rounds == 0) return NULL;
    team->task->work(team->task->context, self->member, team->rounds);
    barrier(team);
  }
}

static double burst(team *team, int64_t rounds) {
  team->rounds = rounds;
  barrier(team);
  const double start = now();
  team->task->work(team->task->context, 0, rounds);
  barrier(team);
  return now() - start;
}

static int64_t calibrated(team *team, double seconds) {
  int64_t rounds = 1;
  for (;;) {
    const double time = burst(team, rounds);
    if (time >= 0.25 * seconds) return 1 + (int64_t)((double)rounds * seconds / time);
    rounds *= 2;
  }
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

tw_meter_rates tw_meter_measure(const tw_meter_task *task, tw_meter_plan plan) {
  const int32_t bursts = plan.bursts < 1 ? 1 : plan.bursts > MAX_BURSTS ? MAX_BURSTS : plan.bursts;
  const int32_t wanted =
    plan.threads < 1 ? 1 : plan.threads > MAX_THREADS ? MAX_THREADS : plan.threads;
  team team = {.task = task, .threads = wanted};
  membership members[MAX_THREADS];
  pthread_t threads[MAX_THREADS];
  for (int32_t i = 1; i < wanted; i++) {
    members[i] = (membership){&team, i};
    // A team that is short of a thread would wait for it forever.
    if (pthread_create(&threads[i], NULL, follow, &members[i]) != 0) abort();
  }
  task->prepare(task->context, 0);
  const int64_t rounds = calibrated(&team, plan.seconds);
  double rates[MAX_BURSTS];
  for (int32_t i = 0; i < bursts; i++) {
    rates[i] = (double)rounds * wanted / burst(&team, rounds);
  }
  team.rounds = 0;
  if (wanted > 1) barrier(&team);
  for (int32_t i = 1; i < wanted; i++) pthread_join(threads[i], NULL);
  qsort(rates, (size_t)bursts, sizeof *rates, ascending);
  return (tw_meter_rates){rates[bursts - 1], rates[bursts / 2]};
}

int32_t tw_meter_has(int32_t vector_bits) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (vector_bits == 512) return __builtin_cpu_supports("avx512f");
  if (vector_bits == 256) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return vector_bits == 128;
}

int32_t tw_meter_widest(void) { return tw_meter_has(512) ? 512 : tw_meter_has(256) ? 256 : 128; }

void tw_meter_trim(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}
