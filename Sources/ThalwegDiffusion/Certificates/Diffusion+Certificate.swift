import ThalwegIntegrators
public import ThalwegKernels

extension Diffusion {
  /// What is proved of steps of a scheme on states of a shape.
  ///
  /// Rests on the eigenvalues of D* G D, which are between 0 and L ‖D‖² where 0 ≤ Φ(s) / s ≤ L, and for
  /// differences of two states on the slopes of Φ in place of these ratios.
  ///
  /// - Cost: that of ``DerivativeOperator/squaredNorm(on:tolerance:)``.
  /// - Errors: ``SpectrumError`` where filters are not finite.
  /// - Source: T. Alt, K. Schrader, M. Augustin, P. Peter, J. Weickert, "Connections between numerical
  ///   algorithms for PDEs and neural networks", J. Math. Imaging Vis. 65 (2023), arXiv:2107.14742.
  public func certificate(
    for scheme: DiffusionScheme, step: Double, on shape: Shape
  ) throws -> StabilityCertificate {
    let facts = DiffusionFacts(flux, try derivative.squaredNorm(on: shape), step)
    return switch scheme {
    case .explicit: facts.explicit
    case .duFortFrankel(let alpha): facts.duFortFrankel(alpha)
    case .semiIterative(let cycle): facts.semiIterative(cycle)
    case .fixedPoint(let iterations): facts.fixedPoint(iterations)
    case .implicit: facts.implicit(.implicit)
    case .multigrid(let cycles): facts.implicit(.multigrid(cycles: cycles))
    }
  }
}

/// What certificates follow from.
private struct DiffusionFacts {
  let ratios: ClosedRange<Double>
  let slopes: ClosedRange<Double>
  let lipschitz: Double
  let isLinear: Bool
  let squaredNorm: Double
  let step: Double

  init(_ flux: Flux, _ squaredNorm: Double, _ step: Double) {
    ratios = flux.ratios
    slopes = flux.slopes
    lipschitz = flux.lipschitz
    if case .linear = flux { isLinear = true } else { isLinear = false }
    self.squaredNorm = squaredNorm
    self.step = step
  }

  /// L ‖D‖².
  var largestEigenvalue: Double {
    Swift.max(ratios.upperBound, slopes.upperBound) * squaredNorm
  }
  /// Whether the flux never points against the derivative.
  private var isDissipative: Bool { ratios.lowerBound >= 0 }
  private var isMonotone: Bool { slopes.lowerBound >= 0 }

  private func certificate(
    _ scheme: DiffusionScheme, largestStep: Double, isNormStable: Bool, expansion: Double?,
    growth: Double? = nil, _ statements: [String]
  ) -> StabilityCertificate {
    StabilityCertificate(
      scheme: scheme, step: step, lipschitz: lipschitz, squaredNorm: squaredNorm,
      largestStep: largestStep, isNormStable: isNormStable,
      isNonexpansive: expansion.map { $0 <= 1 } ?? false, expansion: expansion, growth: growth,
      statements: statements)
  }

  var explicit: StabilityCertificate {
    let bound = 2 / largestEigenvalue
    let isWithin = step <= bound * (1 + 1e-12)
    let isNormStable = isWithin && isDissipative
    // Slopes of the map are 1 - τ m σ² with m between the slopes of Φ and σ² between 0 and ‖D‖².
    let far = (1 - step * slopes.upperBound * squaredNorm).magnitude
    let expansion = Swift.max(
      1, isWithin ? 1 : far, 1 - step * Swift.min(0, slopes.lowerBound) * squaredNorm)
    return certificate(
      .explicit, largestStep: isDissipative ? bound : 0, isNormStable: isNormStable,
      expansion: expansion,
      [
        isNormStable
          ? "The norm never grows: τ ≤ 2 / (L ‖D‖²) = \(Float(bound))."
          : isDissipative
            ? "Norms may grow: τ is longer than 2 / (L ‖D‖²) = \(Float(bound))."
            : "Norms may grow: the flux points against the derivative somewhere.",
        expansion <= 1
          ? "States never move apart: the flux is monotone."
          : "States may move apart by \(Float(expansion)) a step.",
      ])
  }

  func duFortFrankel(_ given: Double?) -> StabilityCertificate {
    let threshold = largestEigenvalue / 4
    let alpha = given ?? threshold
    let isStable = alpha >= threshold * (1 - 1e-12) && isDissipative
    let growth =
      isStable
      ? DuFortFrankelGrowth(alpha: alpha, step: step).largest(upTo: largestEigenvalue) : nil
    return certificate(
      .duFortFrankel(alpha: alpha), largestStep: isStable ? .infinity : 0, isNormStable: false,
      expansion: nil, growth: growth,
      [
        isStable
          ? "Eigenvalues stay in the unit disc for any step: α ≥ L ‖D‖² / 4 = \(Float(threshold))."
          : "Some step grows without bound: α is less than L ‖D‖² / 4 = \(Float(threshold)).",
        growth.map { "Norms of pairs of states may grow to \(Float($0)) on the way." }
          ?? "Nothing bounds the norm.",
      ])
  }

  func semiIterative(_ cycle: Int) -> StabilityCertificate {
    let bound = 2 * reach(cycle) / largestEigenvalue
    let isWithin = step <= bound * (1 + 1e-12)
    return certificate(
      .semiIterative(cycle: cycle), largestStep: isDissipative ? bound : 0,
      isNormStable: isWithin && isLinear, expansion: isWithin && isLinear ? 1 : nil,
      [
        isWithin
          ? "Inner steps are stable: τ ≤ 2 / (L ‖D‖²) for τ = 3 h / (n (n + 1))."
          : "Inner steps are longer than 2 / (L ‖D‖²): a cycle is at most \(Float(bound)) long.",
        isLinear
          ? "A cycle is a polynomial that is bounded by 1."
          : "That is proved for the linearised flux; no theorem bounds the norm.",
      ])
  }

  func fixedPoint(_ iterations: Int) -> StabilityCertificate {
    let bound = 1 / (lipschitz * squaredNorm)
    let isWithin = step < bound
    let rate = step / bound
    return certificate(
      .fixedPoint(iterations: iterations), largestStep: bound, isNormStable: false, expansion: nil,
      [
        isWithin
          ? "Iterations contract by \(Float(rate)) towards the implicit step: τ L ‖D‖² < 1."
          : "Iterations need not converge: τ is not below 1 / (L ‖D‖²) = \(Float(bound))."
      ])
  }

  func implicit(_ scheme: DiffusionScheme) -> StabilityCertificate {
    let back = -step * Swift.min(0, slopes.lowerBound) * squaredNorm
    let isUnique = back < 1
    return certificate(
      scheme, largestStep: isDissipative ? .infinity : 0, isNormStable: isDissipative,
      expansion: isUnique ? 1 / (1 - back) : nil,
      [
        isDissipative
          ? "The norm never grows, for any step."
          : "Norms may grow: the flux points against the derivative somewhere.",
        isMonotone
          ? "There is one solution, and states never move apart, for any step."
          : isUnique
            ? "There is one solution; states may move apart by \(Float(1 / (1 - back))) a step."
            : "There may be several solutions: the flux decreases somewhere.",
      ])
  }

  private func reach(_ cycle: Int) -> Double {
    FastSemiIterative<Diffusion>.reach(cycle: cycle)
  }
}
