public import ThalwegDynamics
public import ThalwegIntegrators
package import ThalwegKernels
public import ThalwegTensors

extension StabilityRegion {
  /// Whether steps of a size do not amplify any of the eigenvalues that were found.
  ///
  /// Parts of eigenvalues that are so small that rounding may have made them count as 0. Eigenvalues in
  /// the right half-plane, where solutions grow, may be left out of account.
  public func isStable(
    for spectrum: Spectrum, step: Double, ignoringGrowth: Bool = false
  ) -> Bool {
    spectrum.cleaned.allSatisfy {
      isStable(at: $0 * Complex(step)) || (ignoringGrowth && $0.real > 0)
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
  /// the right half-plane, where solutions grow, unless growth is left out of account.
  public func largestStableStep(for spectrum: Spectrum, ignoringGrowth: Bool = false) -> Double {
    var step = Double.infinity
    // The largest ones come first: they set a limit within which the others are soon done with.
    let ordered = spectrum.cleaned.sorted { $0.magnitude > $1.magnitude }
    var known: [Complex] = []
    for value in ordered where value.magnitude > 0 && !(ignoringGrowth && value.real > 0) {
      let direction = value * Complex(1 / value.magnitude)
      // A longer eigenvalue in the same direction has set the limit; pairs are alike.
      let upper = Complex(direction.real, direction.imaginary.magnitude)
      guard !known.contains(upper) else { continue }
      known.append(upper)
      let limit = step.isFinite ? step * value.magnitude : 1e8
      let reach = reach(along: upper, upTo: limit)
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
