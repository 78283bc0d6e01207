public import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
public import ThalwegTensors

extension StabilityRegion {
  /// Creates the region of an explicit Runge-Kutta method.
  public init(of tableau: ButcherTableau) {
    self.init(tableau.name, StabilityFunction(a: tableau.a, b: tableau.b))
  }

  /// Creates the region of a method for y' = f(t, y), from measured steps.
  ///
  /// - Errors: traps where the method carries anything but tensors of the shape of the state.
  public init(of method: some Integrator<ODE<Tensor>>) {
    self.init(measuring: method, from: unit) { λ in
      ODE(λ) { _, y, λ in product(λ, y) }
    }
  }

  /// Creates the region of a method for q' = v(t, p), p' = f(t, q), from measured steps.
  ///
  /// - Errors: traps where the method carries anything but tensors of the shape of the position.
  @_disfavoredOverload
  public init(of method: some Integrator<SeparableODE>) {
    self.init(measuring: method, from: PhasePoint(q: unit, p: unit), isOfPairs: true) { λ in
      SeparableODE(λ) { _, p, _ in
        p
      } force: { _, q, λ in
        product(λ, product(λ, q))
      }
    }
  }

  /// Creates the region of a method for y'' = f(t, y), from measured steps.
  ///
  /// - Errors: traps where the method carries anything but tensors of the shape of the state.
  public init(of method: some Integrator<SecondOrderODE>) {
    self.init(measuring: method, from: unit, isOfPairs: true) { λ in
      SecondOrderODE(λ) { _, y, λ in product(λ, product(λ, y)) }
    }
  }

  private init<Method: Integrator>(
    measuring method: Method, from start: Method.Field.State, isOfPairs: Bool = false,
    on field: @escaping @Sendable (Tensor) -> Method.Field
  ) {
    let step = compile { (λ: Tensor, carry: [Tensor]) in
      let form = method.start(field(λ), at: 0, from: start, by: 1)
      return method.step(field(λ), at: 0, from: form.replacingLeaves(with: carry), by: 1).leaves
    }
    let form = method.start(field(unit), at: 0, from: start, by: 1).leaves
    require(
      form.allSatisfy { $0.shape == unit.shape },
      "stability region: \(Method.self) carries shapes \(form.map(\.shape)) for \(unit.shape)")
    self.init(
      "\(Method.self)".prefix { $0 != "<" }.description,
      StabilityFunction { z in
        let columns = form.indices.map { column in
          let carry = form.indices.map { $0 == column ? unit : .zeros(unit.shape) }
          return values(of: step, at: z, carry)
        }
        return form.indices.map { row in columns.map { $0[row] } }
      }, isOfPairs: isOfPairs)
  }
}

/// 1 as a complex number: its parts, one below the other.
private let unit = Tensor([1, 0], shape: [2, 1])

/// The product of complex numbers.
private func product(_ λ: Tensor, _ y: Tensor) -> Tensor {
  [λ[0] * y[0] - λ[1] * y[1], λ[1] * y[0] + λ[0] * y[1]]
}

/// What is carried after a step, or NaN where the equations of the step have no solution.
private func values(
  of step: CompiledFunction<[Tensor], Tensor, [Tensor]>, at z: Complex, _ carry: [Tensor]
) -> [Complex] {
  let λ = Tensor([z.real, z.imaginary], shape: [2, 1])
  guard let results = try? step(λ, carry) else {
    return carry.map { _ in Complex(.nan, .nan) }
  }
  return results.map { Complex($0.values[0], $0.values[1]) }
}
