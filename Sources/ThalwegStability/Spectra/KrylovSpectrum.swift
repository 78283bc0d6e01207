import ThalwegKernels

/// Eigenvalues from products with a Jacobian.
struct KrylovSpectrum {
  let jacobian: Jacobian
  let tolerance: Double
  let structure: Spectrum.Structure
  /// The largest amplification of a random vector.
  let scale: Double
  /// The share of a vector of this length in a space of m dimensions is about m / n.
  let start: [Double]
  private static let maximumRestarts = 100
  /// The part of the tolerance that the methods are given: they estimate residuals, in units of
  /// values that are shifted.
  private static let caution = 0.25

  init(of jacobian: Jacobian, tolerance: Double) throws {
    self.jacobian = jacobian
    self.tolerance = tolerance
    (structure, scale) = try jacobian.structure()
    start = scattered(jacobian.size, seed: 1)
  }

  /// What has been found at one end.
  struct Harvest {
    var pairs: [Eigenpair] = []
    /// Whether no value was within the tolerance.
    var isEstimate = false
    var products = 0
    var restarts = 0
  }

  func spectrum(_ part: Spectrum.Part, eigenvectors: Bool) throws -> Spectrum {
    guard scale > 0 else { return vanishing(part, eigenvectors: eigenvectors) }
    var (all, remarks): ([Eigenpair], [Spectrum.Remark]) = ([], [])
    var (products, restarts) = (6, 0)
    for target in targets(of: part) {
      let harvest = try harvest(target, part.largestCount, needsVectors: eigenvectors)
      products += harvest.products
      restarts += harvest.restarts
      let repeated = repetitions(in: harvest.pairs)
      if repeated.isEmpty, harvest.pairs.count < part.largestCount || harvest.isEstimate {
        let found = harvest.isEstimate ? 0 : harvest.pairs.count
        remarks.append(.unconverged(found: found, wanted: part.largestCount))
      }
      remarks += repeated.filter { !remarks.contains($0) }
      merge(harvest.pairs, into: &all)
    }
    // Near 0 the values that were found are no measure of the whole.
    let radius = Swift.max(all.map(\.value.magnitude).max() ?? 0, scale)
    let found = all.ordered()
    let residuals = try jacobian.residuals(of: found, &products)
    return Spectrum(
      size: jacobian.size, eigenvalues: found.map(\.value),
      eigenvectors: eigenvectors ? found.compactMap(\.vector) : nil,
      residuals: residuals.map { $0 / radius }, part: part, method: .krylov,
      structure: structure, remarks: remarks, products: products, restarts: restarts,
      dtype: jacobian.dtype, tolerance: tolerance)
  }

  /// The spectrum of a Jacobian that turns every vector into 0.
  private func vanishing(_ part: Spectrum.Part, eigenvectors: Bool) -> Spectrum {
    let vector = start.map { Complex($0 / euclidean(start)) }
    return Spectrum(
      size: jacobian.size, eigenvalues: [0], eigenvectors: eigenvectors ? [vector] : nil,
      residuals: [0], part: part, method: .krylov, structure: .symmetric,
      remarks: [.repeated(eigenvalue: 0, copies: jacobian.size)], products: 6, restarts: 0,
      dtype: jacobian.dtype, tolerance: tolerance)
  }

  private func targets(of part: Spectrum.Part) -> [KrylovProblem.Target] {
    switch structure {
    // Either end holds the largest ones.
    case .symmetric: part.targets.filter { part == .largest(part.largestCount) || $0.isEnd }
    // No real part is larger than another.
    case .antisymmetric: [.largest]
    case .general: part.targets
    }
  }

  private func harvest(
    _ target: KrylovProblem.Target, _ count: Int, needsVectors: Bool
  ) throws -> Harvest {
    if structure == .antisymmetric { return try rotations(count) }
    let isSymmetric = structure == .symmetric
    // ARPACK measures errors in units of the value: at the ends, that of the whole spectrum.
    let shift =
      isSymmetric ? (target == .rightmost ? scale : target == .leftmost ? -scale : 0) : 0
    let problem = problem(target, count, isSymmetric: isSymmetric)
    func product(_ vector: [Double]) throws -> [Double] {
      let image = try jacobian.product(with: vector)
      return shift == 0 ? image : sum(image, shift, vector)
    }
    let solution =
      try isSymmetric
      ? ARPACK.solve(problem, product: product) : KrylovSchur.solve(problem, product: product)
    var harvest = Harvest(products: solution.products, restarts: solution.restarts)
    harvest.pairs = solution.values.indices.map { index in
      Eigenpair(
        value: solution.values[index] - Complex(shift), vector: solution.vectors.column(index))
    }
    guard harvest.pairs.isEmpty else { return harvest }
    let best = solution.approximations.max { a, b in target.rank(a.value) < target.rank(b.value) }
    guard let best, !needsVectors else {
      throw SpectrumError.notConverged(
        products: solution.products, residual: (best?.residual ?? .infinity) / scale)
    }
    harvest.isEstimate = true
    harvest.pairs = [
      Eigenpair(
        value: best.value - Complex(shift), vector: nil,
        estimate: Swift.max(best.residual, tolerance * scale))
    ]
    return harvest
  }

  func problem(
    _ target: KrylovProblem.Target, _ count: Int, isSymmetric: Bool
  ) -> KrylovProblem {
    KrylovProblem(
      size: jacobian.size, count: count, target: target, isSymmetric: isSymmetric,
      tolerance: (isSymmetric ? Self.caution : 0.8) * tolerance,
      unit: target == .largest ? 0 : scale,
      maximumRestarts: Self.maximumRestarts, start: start)
  }

  /// Adds what is not known yet: another value, or another vector of a value that occurs again.
  private func merge(_ pairs: [Eigenpair], into all: inout [Eigenpair]) {
    for pair in pairs {
      let isKnown = all.contains { known in
        guard (known.value - pair.value).magnitude <= 1e-6 * scale else { return false }
        guard let a = known.vector, let b = pair.vector else { return true }
        return overlap(a, b).magnitude > 0.9
      }
      if !isKnown { all.append(pair) }
    }
  }
}

extension KrylovProblem.Target {
  fileprivate var isEnd: Bool { self == .leftmost || self == .rightmost }
}

/// The inner product, conjugate in the first vector.
func overlap(_ a: [Complex], _ b: [Complex]) -> Complex {
  zip(a, b).reduce(0) { $0 + $1.0.conjugate * $1.1 }
}
