#include <cblas.h>

#include "internal.h"

// Multiplications, and elements of a matrix to transpose, up to which a library call may not pay.
enum { SMALL_PRODUCT = 8192, SMALL_MATRIX = 2048 };

#include "as_float.h"
#include "product_small.h"
#include "product_body.h"

#include "as_double.h"
#include "product_small.h"
#include "product_body.h"
