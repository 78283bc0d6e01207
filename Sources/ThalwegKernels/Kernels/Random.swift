import CThalwegKernels

extension ProgramBuilder {
  /// Appends random numbers that depend on the key, the stream and their place alone.
  public mutating func random(
    normal: Bool, key: Operand, stream: UInt64, into result: Operand, count: Int, _ dtype: DType
  ) {
    let header = tw_random(
      key: key.encoded, result: result.encoded, count: Int64(count), stream: stream,
      normal: normal ? 1 : 0)
    append(
      dtype == .float32 ? tw_random_f32 : tw_random_f64, arguments.store(header),
      [.reads(key.slot), .writes(result.slot)], label: normal ? "random normal" : "random uniform")
  }
}
