#include "internal.h"

// The finaliser of splitmix64: every bit of the result depends on every bit of the argument.
static TW_INLINE uint64_t mix(uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return bits ^ (bits >> 31);
}

static TW_INLINE uint64_t draw(uint64_t seed, uint64_t counter) {
  return mix(seed + (counter + 1) * 0x9e3779b97f4a7c15);
}

// Keys are whole numbers, so all of their bits as a double tell them apart, whatever their type.
static uint64_t seed_of(double key, uint64_t stream) {
  uint64_t bits;
  key += 0.0;  // -0 is 0
  memcpy(&bits, &key, sizeof bits);
  return mix(mix(bits) + draw(0x6a09e667f3bcc908, stream));
}

#include "as_double.h"
#include "math_bits.h"
#include "as_float.h"
#include "math_bits.h"
#include "math_f32.h"
#include "math_body.h"
#include "random_body.h"

#include "as_double.h"
#include "math_f64.h"
#include "math_body.h"
#include "random_body.h"
