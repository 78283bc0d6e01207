import CThalwegKernels

/// How a reduction combines elements.
public enum Reduction: String, Hashable, Sendable {
  /// Their sum.
  case sum
  /// The largest of them.
  case maximum
}

extension ProgramBuilder {
  /// Appends result[o, i] = combination over r of input[o, r, i].
  ///
  /// The call can be cut into `rows` of o, or of r where outer is 1.
  public mutating func reduce(
    _ reduction: Reduction, _ input: Operand, into result: Operand, outer: Int, reduced: Int,
    inner: Int, rows: Int = 1, _ dtype: DType
  ) {
    let kernel: tw_kernel =
      switch (reduction, dtype) {
      case (.sum, .float32): tw_sum_f32
      case (.sum, .float64): tw_sum_f64
      case (.maximum, .float32): tw_maximum_f32
      case (.maximum, .float64): tw_maximum_f64
      }
    let contracts = outer == 1 && reduction == .sum
    let rows = Swift.max(rows, 1)
    let extent = contracts || outer % rows == 0 ? rows : 1
    let row = (contracts ? reduced : outer) / extent
    let header = tw_reduction(
      input: input.encoded, result: result.encoded, outer: Int64(outer), reduced: Int64(reduced),
      inner: Int64(inner), row: Int64(row), contracts: contracts ? 1 : 0)
    let read = Access.reads(input, rows: row * (contracts ? 1 : reduced) * inner, dtype)
    let write =
      contracts
      ? Access.contracts(result, count: inner, dtype)
      : Access.writes(result, rows: row * inner, dtype)
    append(
      kernel, arguments.store(header), [read, write],
      cut: Cut(extent: extent, cost: Double(outer * reduced * inner * dtype.size) / 60),
      label: "\(reduction) [\(outer), \(reduced), \(inner)]")
  }
}

extension Operand {
  var encoded: tw_operand { tw_operand(slot: slot.index, offset: Int64(offset)) }
}
