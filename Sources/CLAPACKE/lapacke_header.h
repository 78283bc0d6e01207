// Swift has no `double _Complex`, but it has structures of two numbers, which lie alike in memory.
#define LAPACK_COMPLEX_CUSTOM
typedef struct {
  float real, imaginary;
} lapacke_complex_f32;
typedef struct {
  double real, imaginary;
} lapacke_complex_f64;
#define lapack_complex_float lapacke_complex_f32
#define lapack_complex_double lapacke_complex_f64
#include <lapacke.h>
