public import ThalwegIntegrators
import ThalwegKernels

extension StabilityRegion {
  /// Creates the region of an additive pair for y' = λy of which the stiff part has a share.
  ///
  ///     StabilityRegion(of: .kenCarp4, stiffShare: 1)        // the implicit method alone
  ///     StabilityRegion(of: .kenCarp4, stiffShare: 0)        // the explicit one
  ///
  /// The stiff part is share · λ y and the other part the rest, so that a step multiplies by
  ///
  ///     R(z) = 1 + z Σ bᵢ Yᵢ,   Yᵢ = 1 + z Σⱼ (share · aᵢⱼ + (1 - share) · âᵢⱼ) Yⱼ
  ///
  /// - Errors: traps where the share is not between 0 and 1.
  public init(of tableau: AdditiveTableau, stiffShare share: Double) {
    require((0...1).contains(share), "stability region: a share \(share) outside of 0 to 1")
    let implicit = tableau.implicit
    let rows = zip(tableau.explicit, implicit.a).enumerated().map { index, rows in
      (0...index).map { column in
        func entry(_ row: [Double]) -> Double { column < row.count ? row[column] : 0 }
        return share * entry(rows.1) + (1 - share) * entry(rows.0)
      }
    }
    self.init(
      "\(tableau.name), stiff share \(share)", StabilityFunction(a: rows, b: implicit.b))
  }

  /// Creates the region of an additive pair that leaves what decays to its implicit method and what
  /// oscillates to the explicit one.
  ///
  ///     y' = iy Im λ + y Re λ,   the second part implicit
  ///
  /// - Source: C. A. Kennedy, M. H. Carpenter, "Additive Runge-Kutta schemes for
  ///   convection-diffusion-reaction equations", Appl. Numer. Math. 44 (2003), 139-181,
  ///   doi:10.1016/S0168-9274(02)00138-1.
  public init(separating tableau: AdditiveTableau) {
    let (explicit, implicit) = (tableau.explicit, tableau.implicit)
    self.init(
      "\(tableau.name), separating",
      StabilityFunction { z in
        let (stiff, other) = (Complex(z.real), Complex(0, z.imaginary))
        var stages: [Complex] = []
        for (index, rows) in zip(explicit, implicit.a).enumerated() {
          let known = stages.indices.reduce(Complex(1)) { sum, column in
            let weight = Complex(rows.1[column]) * stiff + Complex(rows.0[column]) * other
            return sum + weight * stages[column]
          }
          let diagonal = index < rows.1.count ? rows.1[index] : 0
          stages.append(known / (1 - stiff * Complex(diagonal)))
        }
        let end = zip(stages, implicit.b).reduce(Complex(1)) { $0 + z * Complex($1.1) * $1.0 }
        return [[end]]
      })
  }
}
