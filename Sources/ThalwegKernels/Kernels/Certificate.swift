import CThalwegKernels

/// Receives the error that a certificate measured.
package final class BoundReport: Sendable {
  let action: @Sendable (Double) -> Void

  /// Creates a receiver; `action` is called on the thread that runs the program.
  package init(_ action: @escaping @Sendable (Double) -> Void) { self.action = action }
}

/// Two buffers that should hold the same numbers.
package struct ComparedBuffers: Sendable {
  package var value: Operand
  package var reference: Operand
  package var count: Int
  package var dtype: DType

  /// Creates a pair of buffers.
  package init(value: Operand, reference: Operand, count: Int, dtype: DType) {
    self.value = value
    self.reference = reference
    self.count = count
    self.dtype = dtype
  }
}

extension ProgramBuilder {
  /// Appends a test that stops the program where buffers differ from their references.
  ///
  ///     ‖value - reference‖ / ‖reference‖ ≤ bound
  ///
  /// The norms are Euclidean, over all pairs together; the error is absolute where the references
  /// are zero. It is reported either way, before the program stops.
  package mutating func certify(
    _ pairs: [ComparedBuffers], bound: Double, report: BoundReport,
    error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    keep(report)
    let encoded = pairs.map { pair in
      CertificateImage.Pair(
        value: .init(pair.value, pair.dtype), reference: .init(pair.reference, pair.dtype),
        count: pair.count, isDouble: pair.dtype == .float64)
    }
    let header = arguments.store(
      CertificateImage(
        pairs: arguments.store(encoded), pairCount: pairs.count, bound: bound,
        report: UnsafeRawPointer(Unmanaged.passUnretained(report).toOpaque())))
    append(
      testCertificate, header,
      pairs.flatMap { [.reads($0.value.slot), .reads($0.reference.slot)] },
      label: "certify ≤ \(bound)")
    describe(UnsafeRawPointer(header), by: error)
  }
}

private struct CertificateImage: BitwiseCopyable {
  struct Pair: BitwiseCopyable {
    var value: LoopImage.Address
    var reference: LoopImage.Address
    var count: Int
    var isDouble: Bool
  }

  var pairs: UnsafePointer<Pair>
  var pairCount: Int
  var bound: Double
  var report: UnsafeRawPointer
}

private let testCertificate: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots else { return 1 }
  let image = arguments.load(as: CertificateImage.self)
  var sums = (difference: 0.0, reference: 0.0)
  for index in 0..<image.pairCount {
    let pair = image.pairs[index]
    guard let value = pair.value.resolved(in: slots),
      let reference = pair.reference.resolved(in: slots)
    else { return 1 }
    if pair.isDouble {
      accumulate(Double.self, value, reference, pair.count, into: &sums)
    } else {
      accumulate(Float.self, value, reference, pair.count, into: &sums)
    }
  }
  let norm = sums.reference.squareRoot()
  let error = sums.difference.squareRoot() / (norm > 0 ? norm : 1)
  Unmanaged<BoundReport>.fromOpaque(image.report).takeUnretainedValue().action(error)
  // Written so that a NaN fails the test.
  if error <= image.bound { return 0 }
  var failure = LoopFailure()
  failure.site = UInt(bitPattern: arguments)
  failure.kind = .certificate
  failure.value = error
  failure.bound = image.bound
  failure.norm = norm
  slots.record?.pointee.failure = failure
  return 1
}

private func accumulate<Scalar: BinaryFloatingPoint>(
  _ type: Scalar.Type, _ value: UnsafeRawPointer, _ reference: UnsafeRawPointer, _ count: Int,
  into sums: inout (difference: Double, reference: Double)
) {
  let (a, b) = (
    value.assumingMemoryBound(to: Scalar.self), reference.assumingMemoryBound(to: Scalar.self)
  )
  for index in 0..<count {
    let difference = Double(a[index]) - Double(b[index])
    sums.difference += difference * difference
    sums.reference += Double(b[index]) * Double(b[index])
  }
}
