// The operations that are one expression in x, y and z, for the loops and for single numbers.
// NaN passes through all of them but the comparisons and the condition of a selection.
#define TW_SIMPLE_OPERATIONS(X)                                    \
  X(COPY, copy, x)                                                 \
  X(NEGATE, negate, -x)                                            \
  X(ABS, absolute, __builtin_elementwise_abs(x))                   \
  X(SIGN, sign, x > 0 ? 1 : (x < 0 ? -1 : x))                      \
  X(SQUARE, square, x * x)                                         \
  X(SQRT, square_root, __builtin_elementwise_sqrt(x))              \
  X(RECIPROCAL, reciprocal, 1 / x)                                 \
  X(RELU, relu, x < 0 ? 0 : x)                                     \
  X(STEP, step, x > 0 ? 1 : 0)                                     \
  X(ROUND, round, __builtin_elementwise_roundeven(x))              \
  X(FLOOR, floor, __builtin_elementwise_floor(x))                  \
  X(ADD, add, x + y)                                               \
  X(SUBTRACT, subtract, x - y)                                     \
  X(MULTIPLY, multiply, x * y)                                     \
  X(DIVIDE, divide, x / y)                                         \
  X(MAXIMUM, maximum, ((x > y) | (x != x)) ? x : y)                \
  X(MINIMUM, minimum, ((x < y) | (x != x)) ? x : y)                \
  X(LESS, less, x < y ? 1 : 0)                                     \
  X(LESS_EQUAL, less_equal, x <= y ? 1 : 0)                        \
  X(EQUAL, equal, x == y ? 1 : 0)                                  \
  X(SELECT, select, x != 0 ? y : z)

#define TW_MATH_OPERATIONS(X) \
  X(EXP, exp)                 \
  X(LOG, log)                 \
  X(TANH, tanh)               \
  X(SIGMOID, sigmoid)         \
  X(SOFTPLUS, softplus)
