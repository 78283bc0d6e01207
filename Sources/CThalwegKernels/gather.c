#include <math.h>

#include "internal.h"

#include "as_float.h"
#include "gather_body.h"

#include "as_double.h"
#include "gather_body.h"
