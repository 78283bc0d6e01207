import ThalwegKernels

/// How close points of the plane are to being eigenvalues: σ(z) = σ_min(zI - J) on a grid.
///
/// Where σ(z) ≤ ε some matrix within ε of J has the eigenvalue z. For normal matrices that is the
/// distance to the nearest eigenvalue; much smaller values mean that eigenvalues tell little.
///
/// - Source: L. N. Trefethen, M. Embree, "Spectra and Pseudospectra", Princeton University Press,
///   2005, ISBN 978-0-691-11946-5.
public struct Pseudospectrum: Sendable {
  /// The real parts of the grid.
  public let real: [Double]
  /// The imaginary parts of the grid.
  public let imaginary: [Double]
  /// σ at the points of the grid, a row for each imaginary part.
  public let values: [[Double]]

  /// The largest real part of the grid's points with σ(z) ≤ ε, if there are any.
  public func abscissa(within ε: Double) -> Double? {
    real.indices.last { column in values.contains { $0[column] <= ε } }.map { real[$0] }
  }
}

extension Jacobian {
  /// The pseudospectrum on a grid.
  ///
  /// - Cost: all entries, a Schur form, and some triangular systems for each point of the grid.
  /// - Errors: ``SpectrumError``.
  public func pseudospectrum(
    real: ClosedRange<Double>, imaginary: ClosedRange<Double>, points: Int = 40
  ) throws -> Pseudospectrum {
    require(points > 1, "pseudospectrum: a grid of \(points) points along each axis")
    let matrix = try columns()
    return try translated {
      let triangle = try LAPACK.schurForm(
        DenseMatrix(rows: size, columns: size, matrix.values.map { Complex($0) }))
      let x = grid(real, points)
      let y = grid(imaginary, points)
      let values = try y.map { y in
        try x.map { x in
          try LAPACK.smallestSingularValue(of: triangle, shiftedBy: Complex(x, y))
        }
      }
      return Pseudospectrum(real: x, imaginary: y, values: values)
    }
  }
}

/// Evenly spread numbers from one end to the other.
func grid(_ range: ClosedRange<Double>, _ points: Int) -> [Double] {
  (0..<points).map { index in
    let part = Double(index) / Double(points - 1)
    return range.lowerBound + part * (range.upperBound - range.lowerBound)
  }
}
