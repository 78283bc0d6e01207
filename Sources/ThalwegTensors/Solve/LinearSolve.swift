package import ThalwegKernels

/// The solution x of A x = b, where A is known by its products with vectors.
///
/// Inputs are the leaves of b and what the products share; outputs are the leaves of x. The
/// derivatives solve systems with A and with its transpose, which is the vjp of the product.
package struct LinearSolve: Operation {
  /// The products, traced once; compared by identity.
  package final class Body: Sendable {
    /// The vector that is multiplied.
    package let direction: [Tensor]
    package let product: [Tensor]
    /// An approximate solution with `direction` as the right side, where there is one.
    package let preconditioned: [Tensor]?
    package let shared: [Tensor]
    package let settings: LinearSettings
    package let systems: Int
    package let isTransposed: Bool
    package let error: SolverError?

    init(
      direction: [Tensor], product: [Tensor], preconditioned: [Tensor]?, shared: [Tensor],
      settings: LinearSettings, systems: Int, isTransposed: Bool, error: SolverError?
    ) {
      self.direction = direction
      self.product = product
      self.preconditioned = preconditioned
      self.shared = shared
      self.settings = settings
      self.systems = systems
      self.isTransposed = isTransposed
      self.error = error
    }
  }

  package let body: Body

  package var name: String { body.isTransposed ? "transposed solve" : "solve" }

  package static func == (a: LinearSolve, b: LinearSolve) -> Bool { a.body === b.body }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(body)) }

  package func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    body.direction.map(\.type)
  }

  private var leafCount: Int { body.direction.count }

  // MARK: - Kernel

  package func lower(_ context: KernelContext) {
    let arguments = body.direction + body.shared
    func program(_ outputs: [Tensor]) -> (SolverProgram, Plan) {
      let plan = Plan(inputs: arguments, outputs: outputs)
      let inputs = body.direction.indices.map(SolverProgram.Input.direction)
      let program = SolverProgram(
        plan.program, inputs: inputs + sharedInputs(context),
        outputs: outputs.indices.map(SolverProgram.Output.result), evaluations: plan.evaluations)
      return (program, plan)
    }
    let product = program(body.product)
    let preconditioner = body.preconditioned.map(program)
    let form = LinearSystemForm(
      unknowns: SystemForm(body.direction, systems: body.systems), product: product.0,
      preconditioner: preconditioner?.0, settings: body.settings,
      isTransposed: body.isTransposed,
      rightSide: body.direction.indices.map { context.operand($0) },
      result: body.direction.indices.map { context.result($0) })
    let parts = [("product", product.1)] + (preconditioner.map { [("preconditioner", $0.1)] } ?? [])
    context.builder.solveLinear(
      form, label: solverLabel("\(name) by \(body.settings.method)", parts),
      error: body.error?.error)
  }

  private func sharedInputs(_ context: KernelContext) -> [SolverProgram.Input] {
    body.shared.indices.map {
      .shared(context.operand(leafCount + $0), body.shared[$0].dtype)
    }
  }

  // MARK: - Derivatives

  // A ẋ = ḃ - Ȧ x
  package func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    let rates = body.shared.map { placeholder($0.type) }
    let moving = zip(rates, tangents.dropFirst(leafCount)).map { $1 == nil ? nil : $0 }
    let changes = pushedForward(
      body.product, tangents: body.direction.map { _ in nil } + moving,
      from: body.direction + body.shared)
    var rewriter = GraphRewriter(
      replacing: pairs(call)
        + zip(rates, tangents.dropFirst(leafCount)).compactMap { rate, tangent in
          tangent.map { (rate, $0) }
        })
    let rightSide = zip(tangents, changes).map { tangent, change in
      difference(tangent, change.map { rewriter.rewrite([$0])[0] })
    }
    guard rightSide.contains(where: { $0 != nil }) else { return call.outputs.map { _ in nil } }
    let filled = zip(rightSide, call.outputs).map { $0 ?? .zeros($1.shape, dtype: $1.dtype) }
    return recorded(on: filled + call.inputs.dropFirst(leafCount)).outputs.map(Optional.some)
  }

  // Aᵀ λ = x̄,  b̄ = λ,  θ̄ = -λᵀ (∂A/∂θ) x
  package func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let rightSide = zip(cotangents, call.outputs).map { $0 ?? .zeros($1.shape, dtype: $1.dtype) }
    let shared = Array(zip(body.shared, call.inputs.dropFirst(leafCount)))
    func transposed(_ outputs: [Tensor], of vector: [Tensor]) -> [Tensor] {
      var rewriter = GraphRewriter(replacing: shared)
      let pulled = pulledBack(outputs, cotangents: vector, to: body.direction)
      return rewriter.rewrite(zip(pulled, body.direction).map(filled))
    }
    let preconditioner = body.preconditioned.map { preconditioned in
      { (vector: [Tensor]) in transposed(preconditioned, of: vector) }
    }
    let solution = LinearSolve.record(
      rightSide, settings: body.settings, systems: body.systems,
      isTransposed: !body.isTransposed, error: body.error, preconditioner: preconditioner
    ) { transposed(body.product, of: $0) }
    let wanted = call.wanted.dropFirst(leafCount)
    let multipliers = body.direction.map { placeholder($0.type) }
    let targets = zip(body.shared, wanted).filter(\.1).map(\.0)
    let pulled = pulledBack(body.product, cotangents: multipliers, to: targets)
    var rewriter = GraphRewriter(replacing: pairs(call) + Array(zip(multipliers, solution)))
    var results = pulled.map { $0.map { -rewriter.rewrite([$0])[0] } }[...]
    let ofShared = wanted.map { isWanted in isWanted ? results.popFirst() ?? nil : nil }
    return solution.map(Optional.some) + ofShared
  }

  /// The body's placeholders and what they stand for at the solution.
  private func pairs(_ call: OperationCall) -> [(Tensor, Tensor)] {
    Array(zip(body.direction, call.outputs))
      + Array(zip(body.shared, call.inputs.dropFirst(leafCount)))
  }

  private func difference(_ a: Tensor?, _ b: Tensor?) -> Tensor? {
    guard let b else { return a }
    return a.map { $0 - b } ?? -b
  }
}

extension LinearSolve {
  /// Records the solution of a system whose products are traced here; they may use any tensor of the
  /// surroundings, and all that does not depend on the vector is computed once.
  package static func record(
    _ rightSide: [Tensor], settings: LinearSettings, systems: Int = 1,
    isTransposed: Bool = false, error: SolverError? = nil,
    preconditioner: (([Tensor]) -> [Tensor])? = nil, product: ([Tensor]) -> [Tensor]
  ) -> [Tensor] {
    let direction = rightSide.map { placeholder($0.type) }
    let image = product(direction)
    require(
      image.map(\.shape) == rightSide.map(\.shape),
      "solve: the matrix turns \(rightSide.map(\.type)) into \(image.map(\.type))")
    let approximation = preconditioner?(direction)
    require(
      approximation.map { $0.map(\.shape) == rightSide.map(\.shape) } ?? true,
      "solve: the preconditioner turns \(rightSide.map(\.type)) into"
        + " \((approximation ?? []).map(\.type))")
    let traced = zip(image + (approximation ?? []), direction + direction).map { $0.matching($1) }
    let hoisting = Hoisting(traced, arguments: direction)
    let body = Body(
      direction: direction, product: Array(hoisting.outputs.prefix(direction.count)),
      preconditioned: approximation == nil ? nil : Array(hoisting.outputs.suffix(direction.count)),
      shared: hoisting.shared, settings: settings, systems: systems, isTransposed: isTransposed,
      error: error)
    return LinearSolve(body: body).applied(to: rightSide + hoisting.outside)
  }
}

/// A cotangent or tangent, or zeros where there is none.
func filled(_ derivative: Tensor?, _ primal: Tensor) -> Tensor {
  derivative ?? .zeros(primal.shape, dtype: primal.dtype)
}
