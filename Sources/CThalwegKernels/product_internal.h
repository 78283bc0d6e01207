#ifndef THALWEG_PRODUCT_INTERNAL_H
#define THALWEG_PRODUCT_INTERNAL_H

#include "internal.h"

// What the rows of a product are, along which a call may be a part of it.
enum { TW_ROWS_NONE, TW_ROWS_OF_RESULT, TW_ROWS_CONTRACTED, TW_ROWS_MATRICES };

// Elements of a transposed result, and of columns of b to be transposed, that fit on the stack.
enum { TW_TURNED_RESULT = 4096, TW_TURNED_COLUMNS = 2048 };

// The ways to compute products of one type at one level of instructions.
typedef struct {
  int32_t lanes;
  tw_kernel row;     // a has one row, and b is not transposed or has few columns
  tw_kernel tiles;   // any product; the last columns as dot products
  tw_kernel turned;  // a is transposed: the transposed product, whose result is transposed
} tw_product_kernels;

// float, double
extern const tw_product_kernels tw_product_portable[2];
#if defined(__x86_64__)
extern const tw_product_kernels tw_product_avx2[2], tw_product_avx512[2];
#endif

#endif
