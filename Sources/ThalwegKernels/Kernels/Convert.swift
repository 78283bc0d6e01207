import CThalwegKernels

/// Arguments of a conversion between the two precisions.
private struct Conversion: BitwiseCopyable {
  var input: tw_operand
  var result: tw_operand
  var count: Int
}

extension ProgramBuilder {
  /// Appends the conversion of a buffer to the other precision.
  public mutating func convert(
    _ input: Operand, into result: Operand, count: Int, to dtype: DType
  ) {
    let header = Conversion(input: input.encoded, result: result.encoded, count: count)
    append(
      dtype == .float32 ? narrow : widen, arguments.store(header),
      [.reads(input.slot), .writes(result.slot)], label: "convert to \(dtype)")
  }
}

private let narrow: tw_kernel = { arguments, slots, _ in
  convert(arguments, slots, from: Double.self, to: Float.self) { Float($0) }
}

private let widen: tw_kernel = { arguments, slots, _ in
  convert(arguments, slots, from: Float.self, to: Double.self) { Double($0) }
}

@inline(__always)
private func convert<From, To>(
  _ arguments: UnsafeRawPointer?, _ slots: UnsafePointer<UnsafeMutableRawPointer?>?,
  from: From.Type, to: To.Type, _ value: (From) -> To
) -> Int32 {
  guard let form = arguments?.load(as: Conversion.self), let slots,
    let input = slots[Int(form.input.slot)], let result = slots[Int(form.result.slot)]
  else { return 1 }
  let source = input.assumingMemoryBound(to: From.self) + Int(form.input.offset)
  let target = result.assumingMemoryBound(to: To.self) + Int(form.result.offset)
  for index in 0..<form.count { target[index] = value(source[index]) }
  return 0
}
