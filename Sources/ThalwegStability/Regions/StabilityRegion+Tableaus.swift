public import ThalwegIntegrators

extension StabilityRegion {
  /// Creates the region of an explicit Runge-Kutta pair, which is that of its result.
  public init(of tableau: EmbeddedTableau) {
    let rows = Array(tableau.a.prefix(tableau.stages))
    self.init(tableau.name, StabilityFunction(a: rows, b: tableau.b))
  }

  /// Creates the region of a diagonally implicit Runge-Kutta method.
  public init(of tableau: DiagonallyImplicitTableau) {
    self.init(tableau.name, StabilityFunction(a: tableau.a, b: tableau.b))
  }
}

extension Spectrum {
  /// Whether steps of an explicit Runge-Kutta pair do not amplify any eigenvalue that was found.
  public func isStable(under tableau: EmbeddedTableau, step: Double) -> Bool {
    StabilityRegion(of: tableau).isStable(for: self, step: step)
  }

  /// Whether steps of a diagonally implicit method do not amplify any eigenvalue that was found.
  public func isStable(under tableau: DiagonallyImplicitTableau, step: Double) -> Bool {
    StabilityRegion(of: tableau).isStable(for: self, step: step)
  }

  /// The largest step of an explicit Runge-Kutta pair that amplifies no eigenvalue.
  public func largestStableStep(
    under tableau: EmbeddedTableau, ignoringGrowth: Bool = false
  ) -> Double {
    StabilityRegion(of: tableau).largestStableStep(for: self, ignoringGrowth: ignoringGrowth)
  }

  /// The largest step of a diagonally implicit method that amplifies no eigenvalue.
  public func largestStableStep(
    under tableau: DiagonallyImplicitTableau, ignoringGrowth: Bool = false
  ) -> Double {
    StabilityRegion(of: tableau).largestStableStep(for: self, ignoringGrowth: ignoringGrowth)
  }
}
