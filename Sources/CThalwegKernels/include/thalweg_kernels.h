#ifndef THALWEG_KERNELS_H
#define THALWEG_KERNELS_H

#include <stdint.h>

// The loops that a plan calls. Every kernel has the same signature: a block of arguments that
// was written once, when the plan was compiled, a table of buffers ("slots") that may be bound
// anew between two runs, and the part of the work to do. A kernel returns 0, or a positive number
// to stop the plan.
//
// Most kernels can be cut along their leading extent, such as the samples of a batch: a call for
// the rows begin ..< end touches only the slices of these rows, at slot + offset + row * slice.
// Results that are contracted over the rows are set by the first call and added to by the others.
//
// Suffixes: _f32 works on float, _f64 on double. All offsets, strides and counts are in elements.
// No kernel allocates, locks or keeps state. Results do not depend on alignment, on where an
// element stands in a buffer, or on how a loop is cut into chunks: the same arithmetic is done for
// every element.

// The part of a kernel's work that one call does; kernels that cannot be cut do not look at it.
typedef struct {
  int64_t begin, end;  // rows of the kernel's leading extent
  int32_t first;       // whether contracted results are set (1) or added to (0)
  int32_t worker;      // the thread that runs the call, 0 for the one that runs the plan
} tw_part;

typedef int32_t (*tw_kernel)(const void *arguments, void *const *slots, const tw_part *part);

typedef struct {
  tw_kernel kernel;
  const void *arguments;
  tw_part whole;  // all of the kernel's work
} tw_call;

// Runs the calls in order; returns 0 or the first non-zero status.
int32_t tw_execute(const tw_call *calls, int64_t count, void *const *slots);

// A contiguous operand: it begins `offset` elements into its slot.
typedef struct {
  int32_t slot;
  int64_t offset;
} tw_operand;

#define TW_MAX_RANK 8

// ---- Threads -------------------------------------------------------------------------------

// Pieces of a job are claimed one by one by the caller and by the threads of a pool that lives as
// long as the process. A thread that comes late, or not at all because the machine is busy, leaves
// its pieces to the others; nobody waits for it. Which thread does a piece must not matter.
typedef void (*tw_body)(void *context, int64_t piece, int32_t worker, void *memory);

// Calls body for every piece in 0 ..< pieces. `memory` has `bytes` bytes of the thread's own, but for
// the caller, who passes his. One job runs at a time; a second caller does all of his pieces himself.
void tw_parallel(int64_t pieces, tw_body body, void *context, int64_t bytes, void *own);
// The number of threads that may work on a job, the caller included; at least 1.
void tw_set_threads(int32_t count);
int32_t tw_threads(void);
// The processors on which this process may run.
int32_t tw_processors(void);

// ---- Regions -------------------------------------------------------------------------------

// A buffer of a region that no other call sees: a thread has a grain of its rows, at `offset` in its
// memory. Where slice is 0 it is scratch without rows. In bytes.
typedef struct {
  int32_t slot;
  int64_t offset, slice;
} tw_private;

// A result that is contracted over the rows: every piece has a copy, and they are added in order.
typedef struct {
  int32_t slot;
  int32_t is_double;
  int64_t offset, count;  // elements: where the result begins in its slot, and how many it has
  int64_t partials;       // bytes from the beginning of the copies: where those of this result begin
} tw_accumulator;

// Calls with a common leading extent, which is cut into pieces for the threads and these into grains
// that stay in cache: all calls are made on a grain before the next one. Pieces and grains do not
// depend on the number of threads, and so neither do results.
typedef struct {
  const tw_call *calls;
  int64_t count;
  int64_t extent, pieces, grain;
  const int32_t *slots;  // all that the calls touch
  int32_t slot_count, table;  // of the slots touched; entries of a table
  const tw_private *privates;
  const tw_accumulator *accumulators;
  int32_t private_count, accumulator_count;
  int64_t private_bytes;  // that a thread needs, its table included
  int32_t memory;         // slot: private_bytes for the caller
  int32_t partials;       // slot: the copies of the contracted results
} tw_region;

int32_t tw_run_region(const void *region, void *const *slots, const tw_part *part);

// ---- Machine code --------------------------------------------------------------------------

// Whether the processor has the instructions that generated code uses: those of the highest level for
// which the loops are compiled (AVX-512).
int32_t tw_machine_is_covered(void);

// ---- Element-wise chains -------------------------------------------------------------------

// How an operand of a chain is reached while the chain walks over its `count` elements.
enum {
  TW_DENSE = 0,   // element i is at offset + i
  TW_SCALAR = 1,  // every element is the one at offset (inputs only)
  TW_STRIDED = 2, // element (i0, i1, ...) of the chain's dims is at offset + sum of i_k * strides[k]
  TW_SHIFTED = 3  // as strided, with i_k replaced by what shifts[k] makes of it (inputs only)
};

// What lies beyond the ends of an axis.
enum { TW_ZERO = 0, TW_PERIODIC = 1, TW_REPLICATED = 2 };

// Index i of an axis reads index i + distance of one that has `extent`, or what lies beyond its ends.
// An axis that is not shifted has distance 0 and its own extent.
typedef struct {
  int64_t distance, extent;
  int32_t boundary;
} tw_shift;

typedef struct {
  int32_t slot;
  int32_t kind;
  int64_t offset;
  int64_t strides[TW_MAX_RANK];
  const tw_shift *shifts;  // of a shifted view: one for each of the chain's dims
} tw_view;

typedef enum {
  TW_OP_COPY, TW_OP_NEGATE, TW_OP_ABS, TW_OP_SIGN, TW_OP_SQUARE, TW_OP_SQRT, TW_OP_RECIPROCAL,
  TW_OP_EXP, TW_OP_LOG, TW_OP_TANH, TW_OP_SIGMOID, TW_OP_SOFTPLUS, TW_OP_RELU, TW_OP_SIN, TW_OP_COS,
  TW_OP_STEP,                                               // a > 0 ? 1 : 0
  TW_OP_ROUND, TW_OP_FLOOR,                                 // to a whole number; halves to even
  TW_OP_ADD, TW_OP_SUBTRACT, TW_OP_MULTIPLY, TW_OP_DIVIDE, TW_OP_POWER, TW_OP_MAXIMUM, TW_OP_MINIMUM,
  TW_OP_LESS, TW_OP_LESS_EQUAL, TW_OP_EQUAL,                // 1 or 0
  TW_OP_SELECT,                                             // a != 0 ? b : c
  TW_OP_COUNT
} tw_op;

// operand[destination] = op(operand[a], operand[b], operand[c]); unused operands are 0.
// Operands are numbered: inputs, constants, registers, outputs.
typedef struct {
  uint16_t op, destination, a, b, c;
} tw_instruction;

// A number that becomes 0 if the magnitudes of all elements of an operand are below a limit, and NaN
// otherwise. The limit may be infinity.
typedef struct {
  tw_operand result;
  int32_t operand;
  double limit;
} tw_watch;

typedef struct {
  int64_t count;              // elements, >= 1; the product of dims
  int64_t row;                // elements of a row of the leading extent
  int64_t dims[TW_MAX_RANK];  // row-major iteration space of the strided views
  int32_t rank;               // of dims; 0 where no view is strided
  int32_t inputs, constants, registers, outputs, instructions;
  int32_t scratch;            // slot: tw_chain_scratch() elements
  int32_t chunk;              // elements handled at a time
  const tw_view *views;       // inputs, then outputs (outputs: dense or strided)
  const double *constant_values;
  const tw_instruction *code;
  const tw_watch *watches;
  int32_t watch_count;
} tw_chain;

// Elements of scratch that a chain of this form needs (chunk buffers of all but dense operands).
int64_t tw_chain_scratch(const tw_chain *chain);
// No output shares memory with an input or another output.
int32_t tw_chain_f32(const void *chain, void *const *slots, const tw_part *part);
int32_t tw_chain_f64(const void *chain, void *const *slots, const tw_part *part);

// The same number for a buffer of `row` elements to a row.
typedef struct {
  tw_operand input, result;
  int64_t row;
  double limit;
} tw_finiteness;

int32_t tw_watch_f32(const void *finiteness, void *const *slots, const tw_part *part);
int32_t tw_watch_f64(const void *finiteness, void *const *slots, const tw_part *part);

// ---- Reductions ----------------------------------------------------------------------------

// result[o, i] = sum (or maximum) over r of input[o, r, i]. Rows are `row` neighbouring values of
// o, or, where outer is 1 and the reduction contracts the rows, of r.
typedef struct {
  tw_operand input, result;
  int64_t outer, reduced, inner;
  int64_t row;
  int32_t contracts;
} tw_reduction;

int32_t tw_sum_f32(const void *reduction, void *const *slots, const tw_part *part);
int32_t tw_sum_f64(const void *reduction, void *const *slots, const tw_part *part);
int32_t tw_maximum_f32(const void *reduction, void *const *slots, const tw_part *part);
int32_t tw_maximum_f64(const void *reduction, void *const *slots, const tw_part *part);

// ---- Matrix product ------------------------------------------------------------------------

// c[i] = op(a[i]) op(b[i]) for each i of the batch, row-major; op(a) is m x k, op(b) is k x n.
// A transposed operand is stored as k x m, n x k. Rows are the matrices of the batch if there are
// several; those of a and c; or, where a is transposed and b is not, those of a and b, contracted.
typedef struct {
  tw_operand a, b, c;
  int32_t transpose_a, transpose_b;
  int64_t batch, m, n, k;
  int64_t stride_a, stride_b, stride_c;  // between the matrices of a batch
  // Set by tw_plan_matrix_product(): what the rows are, and how many of the last columns are computed
  // as dot products.
  int32_t rows, dots;
} tw_matrix_product;

// The fastest kernel for products of this form with the instructions of a level (tw_level). It is to
// be called with the product as it is afterwards: the operands may have changed places. An element is
// a sum of multiply-adds, fused where the level has them, in the order of p; or, in a single row or a
// dot product, in a few sums that are added up in the end. A contraction goes on from what it adds to.
// The order depends on level and form alone, so that results are the same however the rows are cut.
tw_kernel tw_plan_matrix_product(tw_matrix_product *product, int32_t is_double, int32_t level);

// ---- Convolution ---------------------------------------------------------------------------

// Cross-correlation as in the deep-learning convention, no bias:
//   result[b, o, y, x] = sum over c, i, j of image[b, c, y*stride_y + i - top, x*stride_x + j - left] * kernel[o, c, i, j]
// image [batch, channels, height, width]; kernel [filters, channels / groups, kernel_height, kernel_width];
// result [batch, filters, result_height, result_width]. Pixels outside are 0, or wrap around if periodic.
typedef struct {
  tw_operand image, kernel, result;
  int32_t scratch;  // slot: tw_convolution_scratch() elements
  int32_t periodic;
  int64_t batch, groups, channels, height, width, filters, kernel_height, kernel_width;
  int64_t result_height, result_width, stride_y, stride_x, top, left;
} tw_convolution;

int64_t tw_convolution_scratch(const tw_convolution *convolution);
// image, kernel -> result
int32_t tw_convolve_f32(const void *convolution, void *const *slots, const tw_part *part);
int32_t tw_convolve_f64(const void *convolution, void *const *slots, const tw_part *part);
// result, kernel -> image: the exact adjoint in the image
int32_t tw_convolve_adjoint_f32(const void *convolution, void *const *slots, const tw_part *part);
int32_t tw_convolve_adjoint_f64(const void *convolution, void *const *slots, const tw_part *part);
// image, result -> kernel: the exact adjoint in the kernel
int32_t tw_convolve_kernel_f32(const void *convolution, void *const *slots, const tw_part *part);
int32_t tw_convolve_kernel_f64(const void *convolution, void *const *slots, const tw_part *part);

// ---- Indexing ------------------------------------------------------------------------------

// gather:  result[o, j, i] = input[o, index[j], i]; NaN where index[j] is no whole number in 0..<extent.
// scatter: input[o, index[j], i] += result[o, j, i] after setting input to 0; such j are skipped.
typedef struct {
  tw_operand input, index, result;
  int64_t outer, extent, inner, count;  // count: number of indices
} tw_gather;

int32_t tw_gather_f32(const void *gather, void *const *slots, const tw_part *part);
int32_t tw_gather_f64(const void *gather, void *const *slots, const tw_part *part);
int32_t tw_scatter_f32(const void *gather, void *const *slots, const tw_part *part);
int32_t tw_scatter_f64(const void *gather, void *const *slots, const tw_part *part);

// result filled with a value
typedef struct {
  tw_operand result;
  int64_t count;
  double value;
} tw_fill;

int32_t tw_fill_f32(const void *fill, void *const *slots, const tw_part *part);
int32_t tw_fill_f64(const void *fill, void *const *slots, const tw_part *part);

// ---- Random numbers ------------------------------------------------------------------------

// Counter-based: element i depends on (key, stream, i) alone. `key` is an operand of one element
// holding a whole number, a double in both precisions. normal = 0: uniform on [0, 1); 1: standard normal.
typedef struct {
  tw_operand key, result;
  int64_t count;
  uint64_t stream;
  int32_t normal;
} tw_random;

int32_t tw_random_f32(const void *random, void *const *slots, const tw_part *part);
int32_t tw_random_f64(const void *random, void *const *slots, const tw_part *part);

// ---- Checks --------------------------------------------------------------------------------

// Index of the first element whose magnitude is not below a limit, or that is NaN; otherwise -1.
int64_t tw_first_beyond_f32(const float *values, int64_t count, double limit);
int64_t tw_first_beyond_f64(const double *values, int64_t count, double limit);

#include "thalweg_bands.h"
#include "thalweg_blocked.h"
#include "thalweg_vectors.h"

#endif
