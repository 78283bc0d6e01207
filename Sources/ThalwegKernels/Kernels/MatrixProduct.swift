import CThalwegKernels

/// The form of a batched matrix product c = op(a) op(b).
public struct MatrixProduct: Hashable, Sendable {
  /// How many products there are, one behind the other.
  public var batch: Int
  /// The rows of op(a) and c.
  public var rows: Int
  /// The columns of op(b) and c.
  public var columns: Int
  /// The columns of op(a) and rows of op(b).
  public var inner: Int
  /// Whether a is stored with its last two axes exchanged.
  public var transposesA: Bool
  /// Whether b is stored with its last two axes exchanged.
  public var transposesB: Bool

  /// Creates the form of a product.
  public init(
    batch: Int, rows: Int, columns: Int, inner: Int, transposesA: Bool, transposesB: Bool
  ) {
    self.batch = batch
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.transposesA = transposesA
    self.transposesB = transposesB
  }
}

extension ProgramBuilder {
  /// Appends c = op(a) op(b) for each matrix of the batch.
  public mutating func matrixProduct(
    _ a: Operand, _ b: Operand, into c: Operand, _ form: MatrixProduct, _ dtype: DType
  ) {
    var header = tw_matrix_product()
    header.a = a.encoded
    header.b = b.encoded
    header.c = c.encoded
    header.transpose_a = form.transposesA ? 1 : 0
    header.transpose_b = form.transposesB ? 1 : 0
    header.batch = Int64(form.batch)
    header.m = Int64(form.rows)
    header.n = Int64(form.columns)
    header.k = Int64(form.inner)
    header.stride_a = Int64(form.rows * form.inner)
    header.stride_b = Int64(form.inner * form.columns)
    header.stride_c = Int64(form.rows * form.columns)
    let kernel: tw_kernel = tw_plan_matrix_product(
      &header, dtype == .float64 ? 1 : 0, Int32(TW_LEVEL_BEST.rawValue))
    append(
      kernel, arguments.store(header), form.accesses(a, b, c, dtype), cut: form.cut(dtype),
      label: "matmul \(form.batch) × [\(form.rows), \(form.inner)]\(form.transposesA ? "ᵀ" : "")"
        + " · [\(form.inner), \(form.columns)]\(form.transposesB ? "ᵀ" : "")")
  }
}

extension MatrixProduct {
  private var isContraction: Bool { batch == 1 && transposesA && !transposesB }

  /// The rows: matrices of the batch, rows of a and c, or contracted rows of a and b.
  fileprivate func cut(_ dtype: DType) -> Cut {
    let speed = dtype == .float32 ? 120.0 : 60.0
    let extent = batch > 1 ? batch : !transposesA ? rows : isContraction ? inner : 1
    return Cut(
      extent: extent, cost: 10 * Double(batch) + Double(2 * batch * rows * columns * inner) / speed)
  }

  fileprivate func accesses(
    _ a: Operand, _ b: Operand, _ c: Operand, _ dtype: DType
  ) -> [Access] {
    if batch > 1 {
      return [
        .reads(a, rows: rows * inner, dtype), .reads(b, rows: inner * columns, dtype),
        .writes(c, rows: rows * columns, dtype),
      ]
    }
    if isContraction {
      return [
        .reads(a, rows: rows, dtype), .reads(b, rows: columns, dtype),
        .contracts(c, count: rows * columns, dtype),
      ]
    }
    if transposesA { return [.reads(a.slot), .reads(b.slot), .writes(c.slot)] }
    return [.reads(a, rows: inner, dtype), .reads(b.slot), .writes(c, rows: columns, dtype)]
  }
}
