#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum { MAX_THREADS = 256 };

// How long an idle thread looks for the next job before it sleeps, and how often it looks at the clock.
static const int64_t SPIN_NANOSECONDS = 1000000;
enum { LOOKS_PER_CLOCK = 256, LOOKS_PER_YIELD = 64 };

// A thread that is put aside in the middle of a piece makes the caller wait for milliseconds. After a
// wait longer than the caller's own work he does all pieces himself for this many times as long, so
// that a busy machine costs a share of the time and no more.
enum { QUIET_PER_WAIT = 10 };

// The job that is running. Whoever lowers the number of remaining pieces owns the piece that it took,
// and the job's fields stay as they are until all pieces are done.
static struct {
  tw_body body;
  void *context;
  int64_t pieces, bytes;
  // The number of the job in the upper half, the pieces not yet taken in the lower.
  _Alignas(64) _Atomic uint64_t claims;
  _Alignas(64) _Atomic int64_t done;
  _Alignas(64) atomic_int busy;
  int64_t quiet_until;  // guarded by busy
} job;

static struct {
  pthread_mutex_t lock;
  pthread_cond_t work;
  atomic_int sleeping;
  atomic_int wanted;  // threads of a job, the caller included; 0 until somebody asks
  int started;        // threads beside the caller, guarded by lock
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER};

static TW_INLINE void rest(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int32_t tw_processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return (int32_t)CPU_COUNT(&set);
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int32_t)count;
}

int32_t tw_threads(void) {
  const int wanted = atomic_load_explicit(&pool.wanted, memory_order_relaxed);
  if (wanted > 0) return wanted;
  tw_set_threads(tw_processors());
  return atomic_load(&pool.wanted);
}

void tw_set_threads(int32_t count) {
  atomic_store(&pool.wanted, (int)tw_max(1, tw_min(count, MAX_THREADS)));
}

// Takes a piece of the job with this number; -1 where none is left.
static TW_INLINE int64_t claim(uint64_t number) {
  uint64_t claims = atomic_load_explicit(&job.claims, memory_order_acquire);
  while (claims >> 32 == number && (uint32_t)claims > 0) {
    if (atomic_compare_exchange_weak(&job.claims, &claims, claims - 1)) {
      return job.pieces - (int64_t)(uint32_t)claims;
    }
  }
  return -1;
}

typedef struct {
  void *memory;
  int64_t bytes;
} tw_own;

// Memory that grows with the largest job: a thread allocates at its first piece of a job only.
static void *own_memory(tw_own *own, int64_t bytes) {
  if (own->bytes < bytes) {
    free(own->memory);
    own->memory = NULL;
    own->bytes = 0;
    if (posix_memalign(&own->memory, 64, (size_t)bytes) != 0) abort();
    own->bytes = bytes;
  }
  return own->memory;
}

static void help(uint64_t number, int32_t worker, tw_own *own) {
  int64_t piece;
  while ((piece = claim(number)) >= 0) {
    job.body(job.context, piece, worker, own_memory(own, job.bytes));
    atomic_fetch_add_explicit(&job.done, 1, memory_order_release);
  }
}

// The next claims in which there is something to take, after some looking around or a sleep.
static uint64_t await_job(void) {
  int64_t start = 0;
  for (int64_t look = 1;; look++) {
    const uint64_t claims = atomic_load_explicit(&job.claims, memory_order_acquire);
    if ((uint32_t)claims > 0) return claims;
    rest();
    // The caller may be waiting for this very processor.
    if (look % LOOKS_PER_YIELD == 0) sched_yield();
    if (look % LOOKS_PER_CLOCK != 0) continue;
    if (start == 0) start = nanoseconds();
    if (nanoseconds() - start < SPIN_NANOSECONDS) continue;
    pthread_mutex_lock(&pool.lock);
    atomic_fetch_add(&pool.sleeping, 1);
    while ((uint32_t)atomic_load(&job.claims) == 0) pthread_cond_wait(&pool.work, &pool.lock);
    atomic_fetch_sub(&pool.sleeping, 1);
    pthread_mutex_unlock(&pool.lock);
    start = 0;
  }
}

static void *work(void *argument) {
  const int32_t worker = (int32_t)(intptr_t)argument;
  tw_own own = {NULL, 0};
  for (;;) {
    const uint64_t claims = await_job();
    if (worker < atomic_load_explicit(&pool.wanted, memory_order_relaxed)) {
      help(claims >> 32, worker, &own);
    } else {
      sched_yield();
    }
  }
  return NULL;
}

static void start_threads(int count) {
  pthread_mutex_lock(&pool.lock);
  while (pool.started < count) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    const intptr_t worker = pool.started + 1;
    const int failed = pthread_create(&thread, &attributes, work, (void *)worker);
    pthread_attr_destroy(&attributes);
    if (failed) break;  // the caller does without
    pool.started++;
  }
  pthread_mutex_unlock(&pool.lock);
}

static void publish(int64_t pieces, tw_body body, void *context, int64_t bytes) {
  const uint64_t number = (atomic_load_explicit(&job.claims, memory_order_relaxed) >> 32) + 1;
  job.body = body;
  job.context = context;
  job.pieces = pieces;
  job.bytes = bytes;
  atomic_store_explicit(&job.done, 0, memory_order_relaxed);
  atomic_store(&job.claims, number << 32 | (uint64_t)pieces);
  if (atomic_load(&pool.sleeping) > 0) {
    pthread_mutex_lock(&pool.lock);
    pthread_cond_broadcast(&pool.work);
    pthread_mutex_unlock(&pool.lock);
  }
}

// Waits for the pieces that running threads have taken.
static void join(int64_t pieces, int64_t start) {
  const int64_t worked = nanoseconds();
  for (int64_t look = 1; atomic_load_explicit(&job.done, memory_order_acquire) < pieces; look++) {
    rest();
    if (look % LOOKS_PER_YIELD == 0) sched_yield();
  }
  const int64_t now = nanoseconds();
  const int64_t waited = now - worked;
  if (waited > worked - start) job.quiet_until = now + QUIET_PER_WAIT * waited;
}

static void run_alone(int64_t pieces, tw_body body, void *context, void *own) {
  for (int64_t piece = 0; piece < pieces; piece++) body(context, piece, 0, own);
}

void tw_parallel(int64_t pieces, tw_body body, void *context, int64_t bytes, void *own) {
  const int threads = (int)tw_min(tw_threads(), pieces);
  if (threads <= 1 || pieces > UINT32_MAX || atomic_exchange(&job.busy, 1)) {
    run_alone(pieces, body, context, own);
    return;
  }
  const int64_t start = nanoseconds();
  if (start < job.quiet_until) {
    atomic_store(&job.busy, 0);
    run_alone(pieces, body, context, own);
    return;
  }
  if (__builtin_expect(pool.started < threads - 1, 0)) start_threads(threads - 1);
  publish(pieces, body, context, bytes);
  const uint64_t number = atomic_load_explicit(&job.claims, memory_order_relaxed) >> 32;
  int64_t piece;
  while ((piece = claim(number)) >= 0) {
    body(context, piece, 0, own);
    atomic_fetch_add_explicit(&job.done, 1, memory_order_release);
  }
  join(pieces, start);
  atomic_store(&job.busy, 0);
}
