#include "probes.h"

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZER 1
#elif __has_feature(thread_sanitizer)
#define SANITIZER 2
#endif
#endif
#ifndef SANITIZER
#define SANITIZER 0
#endif

static _Thread_local int counting;
static _Thread_local int64_t allocations;

// Sanitizers replace these functions themselves.
#if SANITIZER == 0

// glibc's own names for the functions that are replaced here.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
  if (counting) allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  if (counting) allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  if (counting) allocations++;
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  if (counting) allocations++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (counting) allocations++;
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : 12;
}

#endif

int probe_sanitizer(void) { return SANITIZER; }

void probe_start(void) {
  allocations = 0;
  counting = 1;
}

int64_t probe_stop(void) {
  counting = 0;
  return allocations;
}
