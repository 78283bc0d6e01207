#ifndef THALWEG_PROBES_H
#define THALWEG_PROBES_H

#include <stdint.h>

// 0, or 1 for the sanitizer of addresses and 2 for that of threads. With both, calls are not counted.
int probe_sanitizer(void);
// Counts what the calling thread asks of the allocator between start and stop.
void probe_start(void);
// Returns the number of calls of malloc and its relatives.
int64_t probe_stop(void);

#endif
