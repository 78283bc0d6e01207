// Matrices are transposed in squares of LANES rows and columns, these in squares of 128 bits.

static TW_INLINE void G(transpose_pair)(V *v) {
  const V x = v[0], y = v[1];
  v[0] = LOW_DOUBLES(x, y);
  v[1] = HIGH_DOUBLES(x, y);
}

static TW_INLINE void G(transpose_four)(V *v) {
  const V x = LOW_SINGLES(v[0], v[1]), y = HIGH_SINGLES(v[0], v[1]);
  const V z = LOW_SINGLES(v[2], v[3]), w = HIGH_SINGLES(v[2], v[3]);
  v[0] = LOW_DOUBLES(x, z);
  v[1] = HIGH_DOUBLES(x, z);
  v[2] = LOW_DOUBLES(y, w);
  v[3] = HIGH_DOUBLES(y, w);
}

// Exchanges the blocks of 128 bits of the vectors i, i + side, ...
static TW_INLINE void G(exchange_blocks)(V *v, int side) {
#if VECTOR_BYTES == 32
  const V x = v[0], y = v[side];
  v[0] = EVEN_BLOCKS(x, y);
  v[side] = ODD_BLOCKS(x, y);
#elif VECTOR_BYTES == 64
  const V x = LOW_HALVES(v[0], v[side]), y = HIGH_HALVES(v[0], v[side]);
  const V z = LOW_HALVES(v[2 * side], v[3 * side]), w = HIGH_HALVES(v[2 * side], v[3 * side]);
  v[0] = EVEN_BLOCKS(x, z);
  v[side] = ODD_BLOCKS(x, z);
  v[2 * side] = EVEN_BLOCKS(y, w);
  v[3 * side] = ODD_BLOCKS(y, w);
#else
  (void)v;
  (void)side;
#endif
}

static TW_INLINE void G(transpose_square)(V *v) {
  enum { SIDE = 16 / sizeof(T) };
  UNROLL
  for (int i = 0; i < LANES; i += SIDE) {
    if (SIDE == 2) G(transpose_pair)(v + i);
    else G(transpose_four)(v + i);
  }
  UNROLL
  for (int i = 0; i < SIDE; i++) G(exchange_blocks)(v + i, SIDE);
}

// Of a square, `tall` rows and `wide` columns are there.
static TW_INLINE void G(transpose_part)(T *to, int64_t to_step, const T *from, int64_t from_step,
                                        int64_t tall, int64_t wide) {
  V v[LANES];
  UNROLL
  for (int q = 0; q < LANES; q++) {
    const T *row = from + tw_min(q, tall - 1) * from_step;
    v[q] = wide == LANES ? G(load)(row) : G(load_part)(row, wide);
  }
  G(transpose_square)(v);
  UNROLL
  for (int q = 0; q < LANES; q++) {
    if (q < wide) {
      if (tall == LANES) G(store)(to + q * to_step, v[q]);
      else G(store_part)(to + q * to_step, v[q], tall);
    }
  }
}

// Matrices of a few neighbouring rows or columns: the compiler finds the shuffles.
static TW_INLINE void G(transpose_columns)(T *to, int64_t to_step, const T *from, int64_t rows,
                                           int columns) {
  UNROLL
  for (int j = 0; j < columns; j++) {
    TW_VECTORS
    for (int64_t i = 0; i < rows; i++) to[j * to_step + i] = from[i * columns + j];
  }
}

static TW_INLINE void G(transpose_rows)(T *to, const T *from, int64_t from_step, int rows,
                                        int64_t columns) {
  TW_VECTORS
  for (int64_t j = 0; j < columns; j++) {
    UNROLL
    for (int i = 0; i < rows; i++) to[j * rows + i] = from[i * from_step + j];
  }
}

// Writes rows x columns as columns x rows. The last square of either direction is moved back to end
// at the edge.
static void G(transpose)(T *to, int64_t to_step, const T *from, int64_t from_step, int64_t rows,
                         int64_t columns) {
  const int64_t few_columns = columns == from_step ? columns : 0;
  if (few_columns == 1) return G(transpose_columns)(to, to_step, from, rows, 1);
  if (few_columns == 2) return G(transpose_columns)(to, to_step, from, rows, 2);
  if (few_columns == 3) return G(transpose_columns)(to, to_step, from, rows, 3);
  if (few_columns == 4) return G(transpose_columns)(to, to_step, from, rows, 4);
  const int64_t few_rows = rows == to_step ? rows : 0;
  if (few_rows == 1) return G(transpose_rows)(to, from, from_step, 1, columns);
  if (few_rows == 2) return G(transpose_rows)(to, from, from_step, 2, columns);
  if (few_rows == 3) return G(transpose_rows)(to, from, from_step, 3, columns);
  if (few_rows == 4) return G(transpose_rows)(to, from, from_step, 4, columns);
  const int64_t tall = tw_min(rows, LANES), wide = tw_min(columns, LANES);
  for (int64_t i = 0; i < rows; i += LANES) {
    i = tw_min(i, rows - tall);
    for (int64_t j = 0; j < columns; j += LANES) {
      j = tw_min(j, columns - wide);
      const T *square = from + i * from_step + j;
      T *target = to + j * to_step + i;
      if (tall == LANES && wide == LANES) {
        G(transpose_part)(target, to_step, square, from_step, LANES, LANES);
      } else {
        G(transpose_part)(target, to_step, square, from_step, tall, wide);
      }
    }
  }
}
