import ThalwegKernels

extension KrylovSpectrum {
  /// Pairs ±iω of an antisymmetric J, from the symmetric -J².
  ///
  /// A vector u of -J² for ω² spans with Ju the plane in which J rotates, so that u - iJu/ω belongs
  /// to iω.
  func rotations(_ count: Int) throws -> Harvest {
    let planes = Swift.min((count + 1) / 2 + 2, jacobian.size / 2 - 1)
    let solution = try ARPACK.solve(problem(.rightmost, planes, isSymmetric: true)) { vector in
      try jacobian.product(with: jacobian.product(with: vector)).map { -$0 }
    }
    guard !solution.values.isEmpty else {
      let residual = solution.approximations.map(\.residual).min() ?? .infinity
      throw SpectrumError.notConverged(
        products: 2 * solution.products, residual: residual / (scale * scale))
    }
    var harvest = Harvest(products: 2 * solution.products, restarts: solution.restarts)
    var known: [[Complex]] = []
    let order = solution.values.indices.sorted {
      solution.values[$0].real > solution.values[$1].real
    }
    for index in order where harvest.pairs.count < count {
      let u = solution.vectors.column(index).map(\.real)
      let image = try jacobian.product(with: u)
      harvest.products += 1
      let frequency = euclidean(image) / euclidean(u)
      guard frequency > 1e-7 * scale else {
        harvest.pairs.append(Eigenpair(value: 0, vector: u.map { Complex($0) }))
        continue
      }
      let root = 0.5.squareRoot()
      let vector = zip(u, image).map { Complex(root * $0, -root * $1 / frequency) }
      // Rounding finds a plane again by its other vector.
      let isKnown = known.contains { overlap($0, vector).magnitude > 0.9 }
      guard !isKnown else { continue }
      known.append(vector)
      harvest.pairs.append(Eigenpair(value: Complex(0, frequency), vector: vector))
      harvest.pairs.append(
        Eigenpair(value: Complex(0, -frequency), vector: vector.map(\.conjugate)))
    }
    return harvest
  }

  /// Eigenvalues in whose spaces a random vector has a larger share than chance gives a few vectors.
  ///
  /// A subspace grown from one vector contains one vector of each space, the projection of that vector:
  /// it finds further copies by rounding alone, and how many does not mean anything.
  func repetitions(in pairs: [Eigenpair]) -> [Spectrum.Remark] {
    let limit = 25.0
    // Copies differ by what products and iteration leave.
    let width = Swift.max(1e-6, 10 * tolerance) * scale
    let whole = dot(start, start)
    var remarks: [Spectrum.Remark] = []
    var rest = pairs.filter { $0.vector != nil && $0.value.imaginary >= 0 }
    while let first = rest.first {
      let cluster = rest.filter { ($0.value - first.value).magnitude <= width }
      rest.removeAll { ($0.value - first.value).magnitude <= width }
      var basis: [[Complex]] = []
      var share = 0.0
      for var vector in cluster.compactMap(\.vector) {
        for known in basis {
          let factor = overlap(known, vector)
          for index in vector.indices { vector[index] = vector[index] - factor * known[index] }
        }
        let length = euclidean(vector)
        guard length > 1e-3 else { continue }
        basis.append(vector.map { $0 * Complex(1 / length) })
        share += overlap(basis[basis.count - 1], start.map { Complex($0) }).squaredMagnitude
      }
      let copies = share / whole * Double(jacobian.size)
      if copies > limit {
        remarks.append(.repeated(eigenvalue: first.value, copies: Int(copies.rounded())))
      }
    }
    return remarks
  }
}
