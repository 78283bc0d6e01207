#include <math.h>

#include "internal.h"
#include "operations.h"

#define TRIGONOMETRIC_LIMIT 1e5

// sine_f32 computes in double, so the bits of both types come first.
#include "as_double.h"
#include "math_bits.h"
#include "as_float.h"
#include "math_bits.h"
#include "math_f32.h"
#include "math_body.h"
#include "elementwise_body.h"

#include "as_double.h"
#include "math_f64.h"
#include "math_body.h"
#include "elementwise_body.h"
