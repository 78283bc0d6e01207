#include "internal.h"

#include "as_float.h"
#include "math_bits.h"
#include "checks_body.h"

#include "as_double.h"
#include "math_bits.h"
#include "checks_body.h"
