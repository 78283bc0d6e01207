public import ThalwegDynamics
public import ThalwegIntegrators
package import ThalwegKernels
public import ThalwegTensors

extension StabilityRegion {
  /// Whether steps of a size do not amplify any of the eigenvalues that were found.
  ///
  /// Parts of eigenvalues that are so small that rounding may have made them count as 0. Eigenvalues in
  /// the right half-plane, where solutions grow, may be left out of account. Of a pair ±λ off the
  /// imaginary axis, as all eigenvalues of separable dynamics and of equations of second order are, one
  /// grows: methods for such dynamics may then amplify one component of the pair, and not both.
  public func isStable(
    for spectrum: Spectrum, step: Double, ignoringGrowth: Bool = false
  ) -> Bool {
    demands(of: spectrum, ignoringGrowth: ignoringGrowth).allSatisfy {
      isStable(at: $0.value * Complex(step), $0.demand)
    }
  }

  /// Of each eigenvalue whether steps of a size do not amplify it, where growth is left out of account.
  package func stableEigenvalues(of spectrum: Spectrum, step: Double) -> [Bool] {
    demands(of: spectrum, ignoringGrowth: true).map {
      isStable(at: $0.value * Complex(step), $0.demand)
    }
  }

  /// What is asked of steps for an eigenvalue.
  private enum Demand {
    /// That they amplify nothing.
    case contraction
    /// That they amplify one component of a pair at most.
    case saddle
    /// Nothing, for a solution that grows.
    case nothing
  }

  private func demands(
    of spectrum: Spectrum, ignoringGrowth: Bool
  ) -> [(value: Complex, demand: Demand)] {
    let values = spectrum.cleaned
    guard ignoringGrowth else { return values.map { ($0, .contraction) } }
    let growing = values.filter { $0.real > 0 }
    let width = 1e-3 * spectrum.radius
    return values.map { value in
      if value.real > 0 { return (value, .nothing) }
      let isSaddle =
        isOfPairs && value.real < 0
        && growing.contains { ($0 + value).magnitude <= width }
      return (value, isSaddle ? .saddle : .contraction)
    }
  }

  private func isStable(at z: Complex, _ demand: Demand) -> Bool {
    switch demand {
    case .nothing: true
    case .contraction: isStable(at: z)
    case .saddle:
      // Next to 0 both are 1 to the root of the precision.
      z.magnitude == 0 || containsSaddle(z * Complex(Swift.max(1, 0.01 / z.magnitude)))
    }
  }

  /// Whether steps do not amplify, as far as rounding lets it be seen.
  ///
  /// Near 0 a method that carries two states has a double root, which is known to the root of the
  /// precision only: what it does there is what it does a little farther out.
  package func isStable(at z: Complex) -> Bool {
    let distance = z.magnitude
    guard distance > 0 else { return true }
    guard distance < 0.01 else { return contains(z) }
    return reach(along: z * Complex(1 / distance), upTo: 0.02) > 0
  }

  /// The largest step up to which all steps are stable for all eigenvalues that were found.
  ///
  /// It is infinite where nothing limits it, and 0 where steps of any size amplify: for eigenvalues in
  /// the right half-plane, where solutions grow, unless growth is left out of account, as in
  /// ``isStable(for:step:ignoringGrowth:)``.
  public func largestStableStep(for spectrum: Spectrum, ignoringGrowth: Bool = false) -> Double {
    var step = Double.infinity
    // The largest ones come first: they set a limit within which the others are soon done with.
    let ordered = demands(of: spectrum, ignoringGrowth: ignoringGrowth)
      .filter { $0.value.magnitude > 0 && $0.demand != .nothing }
      .sorted { $0.value.magnitude > $1.value.magnitude }
    var known: [(direction: Complex, demand: Demand)] = []
    for (value, demand) in ordered {
      let direction = value * Complex(1 / value.magnitude)
      // A longer eigenvalue in the same direction has set the limit; pairs are alike.
      let upper = Complex(direction.real, direction.imaginary.magnitude)
      guard !known.contains(where: { $0 == (upper, demand) }) else { continue }
      known.append((upper, demand))
      let limit = step.isFinite ? step * value.magnitude : 1e8
      let reach =
        demand == .saddle
        ? saddleReach(along: upper, upTo: limit) : reach(along: upper, upTo: limit)
      step = Swift.min(step, reach / value.magnitude)
      if step == 0 { break }
    }
    return step
  }
}

extension Spectrum {
  /// Whether steps of an explicit Runge-Kutta method do not amplify any eigenvalue that was found.
  public func isStable(under tableau: ButcherTableau, step: Double) -> Bool {
    StabilityRegion(of: tableau).isStable(for: self, step: step)
  }

  /// Whether steps of a method do not amplify any eigenvalue that was found.
  public func isStable(under method: some Integrator<ODE<Tensor>>, step: Double) -> Bool {
    StabilityRegion(of: method).isStable(for: self, step: step)
  }

  /// Whether steps of a method do not amplify any eigenvalue that was found.
  @_disfavoredOverload
  public func isStable(under method: some Integrator<SeparableODE>, step: Double) -> Bool {
    StabilityRegion(of: method).isStable(for: self, step: step)
  }

  /// Whether steps of a method do not amplify any eigenvalue that was found.
  public func isStable(under method: some Integrator<SecondOrderODE>, step: Double) -> Bool {
    StabilityRegion(of: method).isStable(for: self, step: step)
  }

  /// The largest step of an explicit Runge-Kutta method that amplifies no eigenvalue.
  ///
  /// See ``StabilityRegion/largestStableStep(for:ignoringGrowth:)``.
  public func largestStableStep(
    under tableau: ButcherTableau, ignoringGrowth: Bool = false
  ) -> Double {
    StabilityRegion(of: tableau).largestStableStep(for: self, ignoringGrowth: ignoringGrowth)
  }

  /// The largest step of a method that amplifies no eigenvalue.
  public func largestStableStep(
    under method: some Integrator<ODE<Tensor>>, ignoringGrowth: Bool = false
  ) -> Double {
    StabilityRegion(of: method).largestStableStep(for: self, ignoringGrowth: ignoringGrowth)
  }

  /// The largest step of a method that amplifies no eigenvalue.
  @_disfavoredOverload
  public func largestStableStep(
    under method: some Integrator<SeparableODE>, ignoringGrowth: Bool = false
  ) -> Double {
    StabilityRegion(of: method).largestStableStep(for: self, ignoringGrowth: ignoringGrowth)
  }

  /// The largest step of a method that amplifies no eigenvalue.
  public func largestStableStep(
    under method: some Integrator<SecondOrderODE>, ignoringGrowth: Bool = false
  ) -> Double {
    StabilityRegion(of: method).largestStableStep(for: self, ignoringGrowth: ignoringGrowth)
  }
}
