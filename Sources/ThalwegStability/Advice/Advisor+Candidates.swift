import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// A method that may be advised.
struct MethodCandidate {
  /// What it does to the eigenvalues that it is good for.
  enum Nature { case plain, conserving, damping, splitting }

  let name: String
  let code: String
  let nature: Nature
  let order: Int
  let region: StabilityRegion
  /// The evaluations of a step of a size.
  let cost: (Double) -> Double
}

/// Why a method is out of the question.
struct Unsuitable: Error {
  let words: String
}

extension Advisor {
  func candidates(_ kind: Kind) -> [MethodCandidate] {
    var candidates = [
      MethodCandidate(
        name: "euler", code: "RungeKutta(.euler)", nature: .plain, order: 1,
        region: StabilityRegion(of: .euler)
      ) { _ in 1 },
      MethodCandidate(
        name: "rk4", code: "RungeKutta(.classic)", nature: .plain, order: 4,
        region: StabilityRegion(of: .classic)
      ) { _ in 4 },
    ]
    switch kind {
    case .secondOrder:
      candidates.append(
        MethodCandidate(
          name: "leapfrog", code: "Leapfrog()", nature: .conserving, order: 2,
          region: StabilityRegion(of: Leapfrog())
        ) { _ in 1 })
      fallthrough
    case .separable:
      candidates.append(
        MethodCandidate(
          name: "verlet", code: "Verlet()", nature: .conserving, order: 2,
          region: StabilityRegion(of: Verlet())
        ) { _ in 1.5 })
    case .general:
      candidates.append(
        MethodCandidate(
          name: "leapfrog-midpoint", code: "LeapfrogMidpoint()", nature: .conserving, order: 2,
          region: StabilityRegion(of: LeapfrogMidpoint())
        ) { _ in 1 })
    }
    return candidates + [stabilized, implicitMidpoint, damping]
      + (character == .mixed ? [splitting] : [])
  }

  /// The stages with which the accurate step is stable, if diffusion alone is in the way.
  private var stabilized: MethodCandidate {
    let (most, step) = (250, accurateStep(order: 2))
    // The search for more would go through all of them.
    let stages =
      decay * step < RKC2<ODE<Tensor>>.stableLength(stages: most)
      ? RKC2<ODE<Tensor>>.stages(spectralRadius: decay, step: step) : most
    return MethodCandidate(
      name: "rkc2-\(stages)", code: "RKC2(stages: \(stages))", nature: .damping, order: 2,
      region: StabilityRegion(of: RKC2<ODE<Tensor>>(stages: stages))
    ) { _ in Double(stages) }
  }

  private var implicitMidpoint: MethodCandidate {
    MethodCandidate(
      name: "implicit-midpoint", code: "ImplicitMidpoint()", nature: .conserving, order: 2,
      region: StabilityRegion(of: ImplicitMidpoint())
    ) { solves(1, with: 0.5 * $0) }
  }

  private var damping: MethodCandidate {
    let tableau = DiagonallyImplicitTableau.trBDF2
    return MethodCandidate(
      name: tableau.name, code: "DiagonallyImplicitRungeKutta(.trBDF2)", nature: .damping, order: 2,
      region: StabilityRegion(of: tableau)
    ) { solves(2, with: 0.29 * $0) }
  }

  private var splitting: MethodCandidate {
    let tableau = AdditiveTableau.kenCarp3
    return MethodCandidate(
      name: tableau.name, code: "AdditiveRungeKutta(.kenCarp3)", nature: .splitting, order: 3,
      region: StabilityRegion(separating: tableau)
    ) { 4 + 3 * (1 + conjugateGradients(0.44 * $0 * decay)) }
  }

  /// The step with which a method makes an error of a thousandth, given that of order 4.
  private func accurateStep(order: Int) -> Double {
    let factors = [1: 0.0056, 2: 0.178, 3: 0.562]
    return accurateStep * (factors[order] ?? 1)
  }

  /// The evaluations and products for so many systems with 1 - h J.
  ///
  /// Two iterations of Newton; each takes products until the residual is a hundredth of what it was.
  private func solves(_ systems: Double, with h: Double) -> Double {
    // Polynomials that are small on an interval of the imaginary axis need a degree of its length.
    let products =
      frequency <= 0.05 * decay
      ? conjugateGradients(h * decay) : Swift.max(conjugateGradients(h * decay), h * frequency)
    return systems * 2 * (1 + Swift.max(1, Swift.min(products, Double(spectrum.size))))
  }

  /// The iterations of conjugate gradients for eigenvalues from 1 to 1 + x, to a hundredth.
  private func conjugateGradients(_ x: Double) -> Double {
    Swift.max(1, (1 + x).squareRoot() / 2 * 5.3)
  }

  /// What a method makes of the eigenvalues.
  func weigh(_ candidate: MethodCandidate) -> Result<MethodAdvice.Option, Unsuitable> {
    let stable = candidate.region.largestStableStep(for: spectrum, ignoringGrowth: true)
    guard stable > 0 else { return .failure(Unsuitable(words: rejection(candidate))) }
    let accurate = Swift.min(span, accurateStep(order: candidate.order))
    let step = Swift.min(stable, accurate)
    let steps = (span / step).rounded(.up)
    guard steps < 1e9 else {
      return .failure(Unsuitable(words: "its steps would have to be as short as \(short(step))"))
    }
    let even = span / steps
    let isLimited = stable < accurate
    let (fits, reason) = judge(candidate, isLimited: isLimited, isOrderLimited: accurate < span)
    return .success(
      MethodAdvice.Option(
        name: candidate.name, code: candidate.code, step: even, steps: Int(steps),
        cost: steps * candidate.cost(even), isLimitedByStability: isLimited, fits: fits,
        reason: reason))
  }

  private func rejection(_ candidate: MethodCandidate) -> String {
    let region = candidate.region
    if region.imaginaryInterval == 0, frequency > 0 {
      return "it amplifies oscillations at any step"
    }
    if region.realInterval == 0, decay > 0 { return "it amplifies what should decay at any step" }
    return "some eigenvalue lies outside of its region at any step"
  }

  private func judge(
    _ candidate: MethodCandidate, isLimited: Bool, isOrderLimited: Bool
  ) -> (fits: Bool, reason: String) {
    let isShort = !isLimited && isOrderLimited && candidate.order < 4
    let limit =
      isLimited
      ? "stability sets the step"
      : isShort ? "accuracy at order \(candidate.order) sets the step" : ""
    let bound = limit.isEmpty ? "" : "; " + limit
    switch (character, candidate.nature) {
    case (.slow, .plain): return (true, limit.isEmpty ? "nothing is stiff" : limit)
    case (.saddle, .plain):
      return (true, limit.isEmpty ? "accuracy sets the step: nothing is stiff" : limit)
    case (.saddle, .conserving):
      return (true, "what grows and what decays stay inverse to each other" + bound)
    case (.oscillating, .conserving): return (true, "it conserves what oscillates" + bound)
    // Where oscillations die away there is nothing to conserve.
    case (.oscillating, .plain) where limit.isEmpty && decay > 0: return (true, "nothing is stiff")
    case (.oscillating, .plain): return (false, "it damps oscillations or lets them grow" + bound)
    case (.oscillating, .damping): return (false, "it damps oscillations" + bound)
    case (.diffusive, .damping): return (true, "it damps what decays" + bound)
    case (.diffusive, .plain):
      return (true, limit.isEmpty ? "the problem is not stiff" : limit)
    case (.diffusive, .conserving):
      return (false, "it damps stiff components hardly at all" + bound)
    case (.mixed, .splitting):
      return (true, "explicit for what oscillates, implicit for what decays" + bound)
    case (.mixed, .damping), (.mixed, .plain): return (true, "it is stable for all of them" + bound)
    default: return (false, "it is stable" + bound)
    }
  }
}
