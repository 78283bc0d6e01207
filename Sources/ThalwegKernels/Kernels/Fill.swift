import CThalwegKernels

extension ProgramBuilder {
  /// Appends the filling of a buffer with one value.
  public mutating func fill(_ result: Operand, count: Int, with value: Double, _ dtype: DType) {
    let header = tw_fill(result: result.encoded, count: Int64(count), value: value)
    append(
      dtype == .float32 ? tw_fill_f32 : tw_fill_f64, arguments.store(header),
      [.writes(result.slot)], label: "fill \(value)")
  }
}
