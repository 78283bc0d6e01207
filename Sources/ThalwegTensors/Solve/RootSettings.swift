package import ThalwegKernels

/// How a root and its derivatives are computed.
package struct RootSettings: Sendable {
  package let newton: NewtonSettings
  /// How the systems of Newton's method are solved; its tolerance is chosen by the method.
  package let linear: LinearSettings
  /// How those of derivatives are solved.
  package let derivative: LinearSettings
  /// The number of systems that know nothing of each other.
  package let systems: Int
  /// Whether the guess is the root already, so that nothing is left but the derivatives.
  package let isFound: Bool
  package let error: SolverError?

  package init(
    newton: NewtonSettings, linear: LinearSettings, derivative: LinearSettings, systems: Int = 1,
    isFound: Bool = false, error: SolverError? = nil
  ) {
    self.newton = newton
    self.linear = linear
    self.derivative = derivative
    self.systems = systems
    self.isFound = isFound
    self.error = error
  }
}

extension Root {
  /// Records the root of a residual that is traced here; it may use any tensor of the surroundings,
  /// and all that does not depend on the unknown is computed once.
  ///
  /// The preconditioner is given a point and a right side.
  package static func record(
    near guess: [Tensor], settings: RootSettings,
    preconditioner: (([Tensor], [Tensor]) -> [Tensor])? = nil, residual: ([Tensor]) -> [Tensor]
  ) -> [Tensor] {
    let guess = settled(guess)
    let unknown = guess.map { placeholder($0.type) }
    let direction = guess.map { placeholder($0.type) }
    let value = residual(unknown)
    require(
      value.map(\.shape) == unknown.map(\.shape),
      "root: the residual of \(unknown.map(\.type)) is \(value.map(\.type))")
    let typed = zip(value, unknown).map { $0.matching($1) }
    let product = zip(
      pushedForward(typed, tangents: direction, from: unknown), unknown
    ).map(filled)
    let approximation = preconditioner?(unknown, direction)
    require(
      approximation.map { $0.map(\.shape) == unknown.map(\.shape) } ?? true,
      "root: the preconditioner of \(unknown.map(\.type)) gives"
        + " \((approximation ?? []).map(\.type))")
    let preconditioned = approximation.map { zip($0, unknown).map { $0.matching($1) } }
    let hoisting = Hoisting(
      typed + product + (preconditioned ?? []), arguments: unknown + direction)
    let (outputs, count) = (hoisting.outputs, unknown.count)
    let body = Body(
      unknown: unknown, direction: direction, residual: Array(outputs.prefix(count)),
      product: Array(outputs[count..<2 * count]),
      preconditioned: preconditioned == nil ? nil : Array(outputs.suffix(count)),
      shared: hoisting.shared, settings: settings)
    return Root(body: body).applied(to: guess + hoisting.outside)
  }
}
