import ThalwegKernels

/// A point z at which a residual F(z) vanishes, found by Newton's method from a guess.
///
/// Inputs are the leaves of the guess and what the residual shares with its surroundings; outputs are
/// the leaves of the root. By the implicit function theorem its derivatives are those of the
/// equation: they solve one linear system with the Jacobian or its transpose, and the guess has none.
package struct Root: Operation {
  /// The residual and its derivatives, traced once; compared by identity.
  package final class Body: Sendable {
    package let unknown: [Tensor]
    package let direction: [Tensor]
    package let residual: [Tensor]
    /// The Jacobian at `unknown` times `direction`.
    package let product: [Tensor]
    /// An approximate solution with `direction` as the right side, where there is one.
    package let preconditioned: [Tensor]?
    package let shared: [Tensor]
    package let settings: RootSettings

    init(
      unknown: [Tensor], direction: [Tensor], residual: [Tensor], product: [Tensor],
      preconditioned: [Tensor]?, shared: [Tensor], settings: RootSettings
    ) {
      self.unknown = unknown
      self.direction = direction
      self.residual = residual
      self.product = product
      self.preconditioned = preconditioned
      self.shared = shared
      self.settings = settings
    }
  }

  package let body: Body

  package var name: String { "root" }

  package static func == (a: Root, b: Root) -> Bool { a.body === b.body }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(body)) }

  package func outputTypes(of inputs: [TensorType]) -> [TensorType] { body.unknown.map(\.type) }

  private var leafCount: Int { body.unknown.count }

  package func lower(_ context: KernelContext) {
    guard !body.settings.isFound else {
      for index in 0..<leafCount where context.isUsed(index) {
        context.copy(index, into: context.result(index))
      }
      return
    }
    RootLowering(body, context).append()
  }

  // MARK: - Derivatives

  // J ż = -(∂F/∂θ) θ̇
  package func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    let rates = body.shared.map { placeholder($0.type) }
    let moving = zip(rates, tangents.dropFirst(leafCount)).map { $1 == nil ? nil : $0 }
    let changes = pushedForward(
      body.residual, tangents: body.unknown.map { _ in nil } + moving,
      from: body.unknown + body.shared)
    guard changes.contains(where: { $0 != nil }) else { return call.outputs.map { _ in nil } }
    let place = Place(body, call)
    let known = zip(rates, tangents.dropFirst(leafCount)).compactMap { rate, tangent in
      tangent.map { (rate, $0) }
    }
    let rightSide = place.rewritten(
      zip(changes, body.residual).map { -filled($0, $1) }, known)
    let preconditioner = body.preconditioned.map { approximation in
      { (vector: [Tensor]) in
        place.rewritten(approximation, Array(zip(body.direction, vector)))
      }
    }
    return LinearSolve.record(
      rightSide, settings: body.settings.derivative, systems: body.settings.systems,
      error: body.settings.error, preconditioner: preconditioner
    ) { place.rewritten(body.product, Array(zip(body.direction, $0))) }.map(Optional.some)
  }

  // Jᵀ λ = z̄,  θ̄ = -λᵀ ∂F/∂θ
  package func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let wanted = call.wanted.dropFirst(leafCount)
    let none = body.unknown.map { _ in Tensor?.none }
    guard wanted.contains(true) else { return none + body.shared.map { _ in nil } }
    let place = Place(body, call)
    func transposed(_ outputs: [Tensor], by inputs: [Tensor], of vector: [Tensor]) -> [Tensor] {
      let pulled = pulledBack(outputs, cotangents: vector, to: inputs)
      return place.rewritten(zip(pulled, inputs).map(filled))
    }
    let preconditioner = body.preconditioned.map { approximation in
      { (vector: [Tensor]) in transposed(approximation, by: body.direction, of: vector) }
    }
    let multipliers = LinearSolve.record(
      zip(cotangents, call.outputs).map(filled), settings: body.settings.derivative,
      systems: body.settings.systems, isTransposed: true, error: body.settings.error,
      preconditioner: preconditioner
    ) { transposed(body.residual, by: body.unknown, of: $0) }
    let placeholders = body.unknown.map { placeholder($0.type) }
    let targets = zip(body.shared, wanted).filter(\.1).map(\.0)
    let pulled = pulledBack(body.residual, cotangents: placeholders, to: targets)
    let known = Array(zip(placeholders, multipliers))
    var results = pulled.map { $0.map { place.rewritten([-$0], known)[0] } }[...]
    return none + wanted.map { isWanted in isWanted ? results.popFirst() ?? nil : nil }
  }
}

/// The root that a call has found, in terms of which derivatives are written.
private struct Place {
  private let pairs: [(Tensor, Tensor)]

  init(_ body: Root.Body, _ call: OperationCall) {
    pairs =
      Array(zip(body.unknown, call.outputs))
      + Array(zip(body.shared, call.inputs.dropFirst(body.unknown.count)))
  }

  /// Tensors of the body where its placeholders are the root, and others what is given.
  func rewritten(_ tensors: [Tensor], _ known: [(Tensor, Tensor)] = []) -> [Tensor] {
    var rewriter = GraphRewriter(replacing: pairs + known)
    return rewriter.rewrite(tensors)
  }
}
