#include "blocked_internal.h"

tw_level tw_level_of_machine(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    return TW_LEVEL_AVX512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return TW_LEVEL_AVX2;
#endif
  return TW_LEVEL_PORTABLE;
}

static const tw_blocked_level *level_for(int32_t wanted) {
#if defined(__x86_64__)
  const int32_t best = tw_level_of_machine();
  const int32_t level = wanted == TW_LEVEL_BEST || wanted > best ? best : wanted;
  if (level == TW_LEVEL_AVX512) return &tw_blocked_avx512;
  if (level == TW_LEVEL_AVX2) return &tw_blocked_avx2;
#else
  (void)wanted;
#endif
  return &tw_blocked_portable;
}

#define TYPE FLOAT
#include "as_float.h"
#include "blocked_body.h"
#include "blocked_pack_body.h"
#undef TYPE

#define TYPE DOUBLE
#include "as_double.h"
#include "blocked_body.h"
#include "blocked_pack_body.h"
