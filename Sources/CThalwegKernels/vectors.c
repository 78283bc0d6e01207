#include <math.h>

#include "internal.h"

// Eight sums of doubles fill the widest register; four of them hide the latency of an addition.
enum { SUMS = 8, PARTS = 4 };
typedef double tw_sums __attribute__((vector_size(SUMS * sizeof(double))));

static TW_INLINE double total(const tw_sums *sums) {
  const double *s = (const double *)sums;
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

#include "as_float.h"
#include "vectors_body.h"

#include "as_double.h"
#include "vectors_body.h"
