import CThalwegKernels

/// How a reduction combines elements.
public enum Reduction: String, Hashable, Sendable {
  case sum
  case maximum
}

extension ProgramBuilder {
  /// Appends result[o, i] = combination over r of input[o, r, i].
  public mutating func reduce(
    _ reduction: Reduction, _ input: Operand, into result: Operand, outer: Int, reduced: Int,
    inner: Int, _ dtype: DType
  ) {
    let kernel: tw_kernel =
      switch (reduction, dtype) {
      case (.sum, .float32): tw_sum_f32
      case (.sum, .float64): tw_sum_f64
      case (.maximum, .float32): tw_maximum_f32
      case (.maximum, .float64): tw_maximum_f64
      }
    let header = tw_reduction(
      input: input.encoded, result: result.encoded, outer: Int64(outer), reduced: Int64(reduced),
      inner: Int64(inner))
    append(
      kernel, arguments.store(header), touching: [input.slot, result.slot],
      label: "\(reduction) [\(outer), \(reduced), \(inner)]")
  }
}

extension Operand {
  var encoded: tw_operand { tw_operand(slot: slot.index, offset: Int64(offset)) }
}
