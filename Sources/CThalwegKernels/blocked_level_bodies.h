#include "blocked_vector_body.h"

#include "blocked_transpose_body.h"

#include "blocked_tile_body.h"
#include "blocked_convolve_body.h"

#include "blocked_gather_body.h"
#include "blocked_kernel_body.h"

#include "blocked_points_body.h"
#include "blocked_transform_body.h"
#include "blocked_winograd_body.h"
#include "blocked_winograd_kernel_body.h"
