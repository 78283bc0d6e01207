import CThalwegKernels

extension ProgramBuilder {
  /// Appends result[o, j, i] = input[o, index[j], i], or its adjoint into `input`.
  public mutating func gather(
    _ input: Operand, at index: Operand, into result: Operand, outer: Int, extent: Int, inner: Int,
    count: Int, adjoint: Bool, _ dtype: DType
  ) {
    let header = tw_gather(
      input: input.encoded, index: index.encoded, result: result.encoded, outer: Int64(outer),
      extent: Int64(extent), inner: Int64(inner), count: Int64(count))
    let kernel: tw_kernel =
      switch (adjoint, dtype) {
      case (false, .float32): tw_gather_f32
      case (false, .float64): tw_gather_f64
      case (true, .float32): tw_scatter_f32
      case (true, .float64): tw_scatter_f64
      }
    append(
      kernel, arguments.store(header),
      [.reads(index.slot), .writes(input.slot), .writes(result.slot)],
      label: adjoint ? "scatter" : "gather")
  }
}
