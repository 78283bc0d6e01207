import CThalwegKernels

/// Arguments of the test of a bound.
private struct BoundTest: BitwiseCopyable {
  var value: tw_operand
  var bound: Double
  var dtype: DType
  var report: UnsafeRawPointer
}

/// Receives the number that the test of a bound measured.
public final class BoundReport: Sendable {
  let action: @Sendable (Double) -> Void

  /// Creates a receiver; `action` is called on the thread that runs the program.
  public init(_ action: @escaping @Sendable (Double) -> Void) { self.action = action }
}

extension ProgramBuilder {
  /// Appends a test that stops the program where a measured number exceeds its bound.
  ///
  /// The number is reported either way, before the program stops.
  public mutating func require(
    _ value: Operand, atMost bound: Double, _ dtype: DType, report: BoundReport,
    error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    keep(report)
    let header = arguments.store(
      BoundTest(
        value: value.encoded, bound: bound, dtype: dtype,
        report: UnsafeRawPointer(Unmanaged.passUnretained(report).toOpaque())))
    append(testBound, header, touching: [value.slot], label: "require ≤ \(bound)")
    describe(UnsafeRawPointer(header), by: error)
  }
}

private let testBound: tw_kernel = { arguments, slots in
  guard let arguments, let slots else { return 1 }
  let test = arguments.load(as: BoundTest.self)
  guard let base = slots[Int(test.value.slot)] else { return 1 }
  let offset = Int(test.value.offset)
  let value =
    test.dtype == .float32
    ? Double(base.assumingMemoryBound(to: Float.self)[offset])
    : base.assumingMemoryBound(to: Double.self)[offset]
  Unmanaged<BoundReport>.fromOpaque(test.report).takeUnretainedValue().action(value)
  // Written so that a NaN fails the test.
  if value <= test.bound { return 0 }
  if let failure = slots[0]?.assumingMemoryBound(to: LoopFailure.self) {
    failure.pointee = LoopFailure(
      site: UInt(bitPattern: arguments), value: value, bound: test.bound)
  }
  return 1
}
