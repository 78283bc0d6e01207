import CThalwegKernels

extension ProgramBuilder {
  /// Appends the test whether the magnitudes of all numbers of a buffer are below a limit: the result
  /// is 0 or NaN.
  package mutating func watch(
    _ input: Operand, into result: Operand, count: Int, rows: Int, limit: Double, _ dtype: DType
  ) {
    let header = tw_finiteness(
      input: input.encoded, result: result.encoded, row: Int64(count / Swift.max(rows, 1)),
      limit: limit)
    append(
      dtype == .float32 ? tw_watch_f32 : tw_watch_f64, arguments.store(header),
      [
        .reads(input, rows: count / Swift.max(rows, 1), dtype),
        .contracts(result, count: 1, dtype),
      ], cut: Cut(extent: rows, cost: 10 + 0.01 * Double(count)), label: "watch [\(count)]")
  }
}
