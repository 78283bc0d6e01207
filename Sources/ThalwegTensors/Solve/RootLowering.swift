import ThalwegKernels

/// Turns the graphs of a root into the programs of its kernel.
///
/// What the products of the Jacobian need of the point alone is computed once for each point: a Krylov
/// method makes many products there.
struct RootLowering {
  private let body: Root.Body
  private let context: KernelContext
  /// Product and preconditioner in terms of direction and of what is known of the point.
  private let split: Hoisting
  /// What they need of the point, which is computed.
  private let coefficients: [Tensor]

  init(_ body: Root.Body, _ context: KernelContext) {
    self.body = body
    self.context = context
    split = Hoisting(body.product + (body.preconditioned ?? []), arguments: body.direction)
    coefficients = split.outside.filter { !$0.isPlaceholder }
  }

  private var isDirect: Bool { body.settings.linear.method.isDirect }

  func append() {
    let arguments = body.unknown + body.shared
    // A Krylov method needs them at every point, factors only at some.
    let joined = isDirect ? [] : coefficients
    let residual = Plan(inputs: arguments, outputs: body.residual + joined)
    let linearization =
      isDirect && !coefficients.isEmpty ? Plan(inputs: arguments, outputs: coefficients) : nil
    let inner = body.direction + split.shared
    let count = body.direction.count
    let product = Plan(inputs: inner, outputs: Array(split.outputs.prefix(count)))
    let preconditioner = body.preconditioned.map { _ in
      Plan(inputs: inner, outputs: Array(split.outputs.suffix(count)))
    }
    let form = RootForm(
      unknowns: SystemForm(body.unknown, systems: body.settings.systems),
      residual: program(residual, arguments, results: count),
      linearization: linearization.map { program($0, arguments, results: 0) },
      coefficients: coefficients.map { ($0.count, $0.dtype) },
      product: program(product, inner, results: count),
      preconditioner: preconditioner.map { program($0, inner, results: count) },
      newton: body.settings.newton, linear: body.settings.linear,
      guess: body.unknown.indices.map { context.operand($0) },
      result: body.unknown.indices.map { context.result($0) })
    let parts: [(String, Plan?)] = [
      ("residual", residual), ("linearization", linearization), ("product", product),
      ("preconditioner", preconditioner),
    ]
    context.builder.findRoot(
      form,
      label: solverLabel(
        "root by \(body.settings.linear.method)",
        parts.compactMap { name, plan in plan.map { (name, $0) } }),
      error: body.settings.error?.error)
  }

  /// A plan whose first outputs are results; coefficients follow.
  private func program(_ plan: Plan, _ arguments: [Tensor], results: Int) -> SolverProgram {
    let computed = plan.outputTypes.count - results
    return SolverProgram(
      plan.program, inputs: arguments.map(input),
      outputs: (0..<results).map(SolverProgram.Output.result)
        + (0..<computed).map(SolverProgram.Output.coefficient), evaluations: plan.evaluations)
  }

  /// What a placeholder of a program stands for.
  private func input(_ tensor: Tensor) -> SolverProgram.Input {
    if let leaf = place(of: tensor, in: body.unknown) { return .unknown(leaf) }
    if let leaf = place(of: tensor, in: body.direction) { return .direction(leaf) }
    if let index = place(of: tensor, in: body.shared) {
      return .shared(context.operand(body.unknown.count + index), tensor.dtype)
    }
    guard let index = place(of: tensor, in: split.shared) else {
      fatalError("root: a tensor of \(tensor.type) is no input")
    }
    let outside = split.outside[index]
    guard let computed = place(of: outside, in: coefficients) else { return input(outside) }
    return .coefficient(computed)
  }

  private func place(of tensor: Tensor, in tensors: [Tensor]) -> Int? {
    tensors.firstIndex { GraphRewriter.TensorKey($0) == GraphRewriter.TensorKey(tensor) }
  }
}
