import ThalwegKernels

extension Jacobian {
  /// The most unknowns for which all eigenvalues are computed where nothing else is said.
  public static let denseLimit = 512

  /// Eigenvalues of the Jacobian.
  ///
  /// Dense spectra take all entries to LAPACK; others make products alone: for ARPACK where
  /// the Jacobian is symmetric, and for a Krylov-Schur method otherwise. A symmetric or antisymmetric
  /// Jacobian is recognised by products with random vectors, and what is known of its eigenvalues is
  /// used. Random vectors are the same in every run.
  ///
  /// Without a part, all eigenvalues of small systems are computed and `.outline(6)` of large ones;
  /// without a method, up to ``denseLimit`` unknowns are dense. The tolerance is the largest residual
  /// relative to the largest eigenvalue where products are made, 1e-8 or in single precision 1e-4.
  ///
  /// - Cost: dense: n products and about 10 n³ multiply-adds; otherwise some ten to some hundred
  ///   products for each wanted value, more where values lie close together.
  /// - Errors: ``SpectrumError``, where entries are not finite or no value was found to the tolerance.
  ///   Fewer values than asked for are a remark.
  /// - Source: R. B. Lehoucq, D. C. Sorensen, C. Yang, "ARPACK Users' Guide", SIAM, 1998,
  ///   doi:10.1137/1.9780898719628; G. W. Stewart, "A Krylov-Schur Algorithm for Large Eigenproblems",
  ///   SIAM J. Matrix Anal. Appl. 23 (2002), doi:10.1137/S0895479800371529.
  public func spectrum(
    _ part: Spectrum.Part? = nil, by method: Spectrum.Method? = nil, tolerance: Double? = nil,
    eigenvectors: Bool = false
  ) throws -> Spectrum {
    let isSmall = size <= Self.denseLimit || part == .all
    let wanted = (part ?? .outline(6)).largestCount
    let isTiny = size < Swift.max(2 * wanted + 2, 24)
    if isTiny || (method ?? (isSmall ? .dense : .krylov)) == .dense {
      return try translated {
        try DenseSpectrum(of: self).spectrum(part ?? .all, eigenvectors: eigenvectors)
      }
    }
    require(part != .all, "spectrum: all \(size) eigenvalues are computed by: .dense alone")
    return try translated {
      try KrylovSpectrum(of: self, tolerance: tolerance ?? (dtype == .float64 ? 1e-8 : 1e-4))
        .spectrum(part ?? .outline(6), eigenvectors: eigenvectors)
    }
  }

  /// What the Jacobian has to do with its transpose, as products with random vectors show it.
  func structure() throws -> (structure: Spectrum.Structure, norm: Double) {
    let tolerance = dtype == .float64 ? 1e-11 : 1e-5
    var (isSymmetric, isAntisymmetric, length) = (true, true, 0.0)
    for probe in 0..<3 {
      let u = scattered(size, seed: UInt64(2 * probe + 101))
      let v = scattered(size, seed: UInt64(2 * probe + 102))
      let (Ju, Jv) = (try product(with: u), try product(with: v))
      let (one, other) = (dot(u, Jv), dot(v, Ju))
      let scale = euclidean(u) * euclidean(Jv) + euclidean(v) * euclidean(Ju)
      guard scale.isFinite else { throw SpectrumError.notFinite }
      isSymmetric = isSymmetric && (one - other).magnitude <= tolerance * scale
      isAntisymmetric = isAntisymmetric && (one + other).magnitude <= tolerance * scale
      length = Swift.max(length, euclidean(Ju) / euclidean(u), euclidean(Jv) / euclidean(v))
    }
    return (isSymmetric ? .symmetric : isAntisymmetric ? .antisymmetric : .general, length)
  }
}

extension Spectrum.Part {
  /// How many eigenvalues are asked for at one end.
  var largestCount: Int {
    switch self {
    case .all: 0
    case .largest(let count), .rightmost(let count), .leftmost(let count), .bothEnds(let count),
      .outline(let count):
      count
    }
  }

  /// The ends at which eigenvalues are asked for.
  var targets: [KrylovProblem.Target] {
    switch self {
    case .all: []
    case .largest: [.largest]
    case .rightmost: [.rightmost]
    case .leftmost: [.leftmost]
    case .bothEnds: [.leftmost, .rightmost]
    case .outline: [.leftmost, .rightmost, .largest, .mostImaginary]
    }
  }

  /// Those of all eigenvalues that are asked for, by their places, with the other one of each pair.
  func selection(from values: [Complex]) -> [Int] {
    guard self != .all else { return Array(values.indices) }
    var chosen: Set<Int> = []
    for target in targets {
      let ranked = values.indices.sorted { target.rank(values[$0]) > target.rank(values[$1]) }
      for index in ranked.prefix(largestCount) {
        chosen.insert(index)
        guard values[index].imaginary != 0 else { continue }
        if let partner = values.indices.first(where: { values[$0] == values[index].conjugate }) {
          chosen.insert(partner)
        }
      }
    }
    return chosen.sorted()
  }
}

/// An eigenvalue with its vector, if that is known.
struct Eigenpair {
  var value: Complex
  var vector: [Complex]?
  /// The residual as far as it is known where there is no vector.
  var estimate = 0.0
}

extension [Eigenpair] {
  /// From right to left, those of a pair side by side.
  func ordered() -> [Eigenpair] {
    sorted { a, b in
      (a.value.real, a.value.imaginary.magnitude, a.value.imaginary)
        > (b.value.real, b.value.imaginary.magnitude, b.value.imaginary)
    }
  }
}

extension Jacobian {
  /// ‖Jv - λv‖ of each vector of length 1, or its estimate where there is no vector.
  ///
  /// Of two conjugate values, one is enough.
  func residuals(of pairs: [Eigenpair], _ products: inout Int) throws -> [Double] {
    let known = try pairs.map { pair in
      pair.value.imaginary < 0 ? nil : try residual(of: pair, &products)
    }
    return try pairs.indices.map { index in
      if let size = known[index] { return size }
      let partner = pairs.firstIndex { $0.value == pairs[index].value.conjugate }
      if let size = partner.flatMap({ known[$0] }) { return size }
      return try residual(of: pairs[index], &products)
    }
  }

  private func residual(of pair: Eigenpair, _ products: inout Int) throws -> Double {
    guard let vector = pair.vector else { return pair.estimate }
    let real = try product(with: vector.map(\.real))
    products += 1
    var imaginary = [Double](repeating: 0, count: size)
    if vector.contains(where: { $0.imaginary != 0 }) {
      imaginary = try product(with: vector.map(\.imaginary))
      products += 1
    }
    let difference = vector.indices.map {
      Complex(real[$0], imaginary[$0]) - pair.value * vector[$0]
    }
    return euclidean(difference) / euclidean(vector)
  }
}
