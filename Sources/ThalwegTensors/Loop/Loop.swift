package import ThalwegKernels

/// How the elements of a sequence are held.
package enum SequenceKind: Hashable, Sendable {
  /// As the rows of one tensor.
  case stacked
  /// As a tensor for each iteration.
  case listed
}

/// What becomes of a loop whose state stops being finite or leaves its limits, or in which equations
/// cannot be solved.
package final class LoopGuard: Sendable, Hashable {
  /// The limits of the magnitudes of the carried tensors that are watched, from the first; infinite
  /// where all finite numbers will do.
  package let limits: [Double]
  /// Whether what is computed must have the same bits whenever it is computed again.
  package let isExact: Bool
  package let error: @Sendable (LoopFailure) -> any Error
  private let back: LoopGuard?

  package var count: Int { limits.count }

  package init(
    limits: [Double], isExact: Bool = false,
    error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    self.limits = limits
    self.isExact = isExact
    self.error = error
    back = limits.isEmpty ? nil : LoopGuard(limits: [], isExact: isExact, error: error)
  }

  package convenience init(count: Int, error: @escaping @Sendable (LoopFailure) -> any Error) {
    self.init(limits: Array(repeating: .infinity, count: count), error: error)
  }

  /// The guard of a loop that goes back over the same steps, in which no state is watched.
  package var wayBack: LoopGuard { back ?? self }

  package static func == (a: LoopGuard, b: LoopGuard) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The demand that a loop ends where it is known to end.
package final class LoopCertificate: Sendable {
  /// The largest relative error, or nil for the square root of the precision.
  package let bound: Double?
  package let report: BoundReport
  package let error: @Sendable (LoopFailure) -> any Error

  package init(
    bound: Double?, report: BoundReport, error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    self.bound = bound
    self.report = report
    self.error = error
  }
}

/// A function applied again and again to what it carries: the integration of a flow is one.
///
/// Inputs are the initial carried tensors, the scanned sequences, and the shared tensors, and with
/// a certificate what the first carried tensors must end as; outputs are the final carried tensors,
/// the emitted sequences, and a tape of the carried tensors before those iterations that the
/// adjoint asks for, in the order of the sequences. Outputs nobody reads are not computed: a loop
/// that is not differentiated keeps no tape.
package struct Loop: Operation {
  package let body: LoopBody
  package let count: Int
  package let isReversed: Bool
  package let scannedKinds: [SequenceKind]
  package let emittedKinds: [SequenceKind]
  package let watch: LoopGuard?
  package let adjoint: any LoopAdjoint
  package let certificate: LoopCertificate?

  package init(
    body: LoopBody, count: Int, isReversed: Bool, scannedKinds: [SequenceKind],
    emittedKinds: [SequenceKind], watch: LoopGuard? = nil,
    adjoint: any LoopAdjoint = DirectLoopAdjoint.shared, certificate: LoopCertificate? = nil
  ) {
    self.body = body
    self.count = count
    self.isReversed = isReversed
    self.scannedKinds = scannedKinds
    self.emittedKinds = emittedKinds
    self.watch = watch
    self.adjoint = adjoint
    self.certificate = certificate
  }

  package var name: String { isReversed ? "reversed loop" : "loop" }

  package static func == (a: Loop, b: Loop) -> Bool {
    a.body === b.body && a.count == b.count && a.isReversed == b.isReversed
      && a.adjoint === b.adjoint && a.watch === b.watch
      && a.certificate === b.certificate
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(body))
    hasher.combine(count)
  }

  /// The iterations whose carried tensors the tape holds.
  package var kept: [Int] { adjoint.keptIterations(of: count) }

  package func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let emitted = zip(body.emitted, emittedKinds).flatMap { tensor, kind in
      kind == .stacked
        ? [tensor.type.repeated(count)] : Array(repeating: tensor.type, count: count)
    }
    let keptCount = kept.count
    return body.next.map(\.type) + emitted + body.carry.map { $0.type.repeated(keptCount) }
  }

  package func lower(_ context: KernelContext) {
    let layout = LoopLayout(self)
    let wanted = layout.emitted.map { range in range.contains { context.isUsed($0) } }
    let rotation = LoopRotation(self, keepsTape: layout.tape.map { context.isUsed($0) })
    let plan = Plan(
      inputs: body.inputs,
      layouted: rotation.computed + zip(body.emitted, wanted).filter(\.1).map(\.0)
        + rotation.sentinels.compactMap { $0 }, reusing: rotation.reusable,
      isUniform: watch?.isExact ?? false)
    context.countEvaluations(count * plan.evaluations)
    let keepsTape = layout.tape.contains { context.isUsed($0) }
    let carries = zip(body.carry.indices, layout.tape).map { index, tape in
      LoopForm.Carry(
        initial: context.operand(index),
        result: context.isUsed(index) || certificate != nil ? context.result(index) : nil,
        kept: context.isUsed(tape) ? context.result(tape) : nil,
        count: body.carry[index].count, dtype: body.carry[index].dtype,
        source: rotation.sources[index],
        isInPlace: rotation.output(of: index).map(plan.reused.contains) ?? false,
        hasSentinel: rotation.sentinels[index] != nil,
        limit: index < (watch?.count ?? 0) ? watch?.limits[index] ?? .infinity : .infinity)
    }
    let form = LoopForm(
      body: plan.program, iterations: count, isReversed: isReversed, carries: carries,
      kept: keepsTape ? kept : [], scanned: layout.scannedSequences(context),
      shared: zip(layout.shared, body.shared).map { (context.operand($0), $1.dtype) },
      emitted: layout.emitted.indices.filter { wanted[$0] }.map {
        layout.emittedSequence($0, context)
      }, guarded: watch?.count ?? 0)
    let lines = plan.program.listing.map { "\n       \($0)" }.joined()
    context.builder.loop(form, label: "\(name) × \(count)\(lines)", error: watch?.error)
    certify(context, references: layout.shared.upperBound)
  }

  private func certify(_ context: KernelContext, references start: Int) {
    guard let certificate else { return }
    let pairs = (start..<context.inputTypes.count).map { input in
      let type = context.inputTypes[input]
      return ComparedBuffers(
        value: context.result(input - start), reference: context.operand(input), count: type.count,
        dtype: type.dtype)
    }
    let precision = pairs.contains { $0.dtype == .float32 } ? Double(Float.ulpOfOne) : .ulpOfOne
    context.builder.certify(
      pairs, bound: certificate.bound ?? precision.squareRoot(), report: certificate.report,
      error: certificate.error)
  }

  package func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    LoopTangent(self, call, tangents).outputs
  }

  package func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    adjoint.pullback(LoopPullback(self, call, cotangents))
  }
}

/// How a loop's gradient is computed.
package protocol LoopAdjoint: AnyObject, Sendable {
  /// The iterations whose carried tensors must be kept while the loop runs.
  func keptIterations(of count: Int) -> [Int]
  /// The cotangents of the loop's inputs.
  func pullback(_ request: LoopPullback) -> [Tensor?]
}

extension TensorType {
  /// The type of several stacked along a new first axis.
  func repeated(_ count: Int) -> TensorType {
    TensorType(Shape([count] + shape.dimensions), dtype)
  }
}
