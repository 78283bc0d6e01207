#include "internal.h"
#include "operations.h"
#include "walk.h"

enum { MAX_OPERANDS = 512, MAX_SCALARS = 256 };

int32_t tw_execute(const tw_call *calls, int64_t count, void *const *slots) {
  for (int64_t i = 0; i < count; i++) {
    int32_t status = calls[i].kernel(calls[i].arguments, slots, &calls[i].whole);
    if (__builtin_expect(status != 0, 0)) return status;
  }
  return 0;
}

static TW_INLINE int64_t chunk_length(const tw_chain *chain) {
  return tw_min(chain->chunk, chain->count);
}

// The distance of two chunk buffers. The extra line keeps buffers of a round size from falling on
// the same addresses modulo 4096, where a load has to wait for an unrelated store.
static TW_INLINE int64_t buffer_length(const tw_chain *chain) {
  return ((chunk_length(chain) + 15) & ~(int64_t)15) + 16;
}

int64_t tw_chain_scratch(const tw_chain *chain) {
  int64_t buffers = chain->constants + chain->registers;
  for (int32_t i = 0; i < chain->inputs + chain->outputs; i++) {
    buffers += chain->views[i].kind != TW_DENSE;
  }
  return buffers * buffer_length(chain);
}

static TW_INLINE int32_t operand_count(const tw_chain *chain) {
  return chain->inputs + chain->constants + chain->registers + chain->outputs;
}

#include "as_float.h"
#include "chain_body.h"

#include "as_double.h"
#include "chain_body.h"
