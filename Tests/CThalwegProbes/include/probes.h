#ifndef THALWEG_PROBES_H
#define THALWEG_PROBES_H

#include <stdint.h>

// Whether calls can be counted, which a sanitizer prevents.
int probe_is_available(void);
// Counts what the calling thread asks of the allocator between start and stop.
void probe_start(void);
// Returns the number of calls of malloc and its relatives.
int64_t probe_stop(void);

#endif
