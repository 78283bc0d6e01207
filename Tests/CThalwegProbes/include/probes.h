#ifndef THALWEG_PROBES_H
#define THALWEG_PROBES_H

#include <stdint.h>

// Counts what the calling thread asks of the allocator between start and stop.
void probe_start(void);
// Returns the number of calls of malloc and its relatives.
int64_t probe_stop(void);

#endif
