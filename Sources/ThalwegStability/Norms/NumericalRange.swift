public import ThalwegKernels

/// The numerical range of a Jacobian, by points on its boundary.
///
///     W(J) = { v*Jv : ‖v‖ = 1 }
///
/// It is convex and contains all eigenvalues; of a normal matrix it is their convex hull. Its
/// rightmost point is the logarithmic norm. What surrounds it bounds a method for matrices whose
/// eigenvalues do not say enough.
///
/// - Source: C. R. Johnson, "Numerical determination of the field of values of a general complex
///   matrix", SIAM J. Numer. Anal. 15 (1978), 595-602, doi:10.1137/0715039.
public struct NumericalRange: Sendable {
  /// Points of the boundary against the clock, beginning with the rightmost.
  public let boundary: [Complex]
  /// The distance from 0 to the supporting line in each direction, beginning to the right.
  public let support: [Double]

  /// The largest real part, which is the logarithmic norm.
  public var abscissa: Double { support[0] }
  /// The largest distance from 0 of a point of the boundary.
  public var radius: Double { boundary.map(\.magnitude).max() ?? 0 }
}

extension Jacobian {
  /// Points on the boundary of the numerical range, one for each of some evenly spread directions.
  ///
  /// - Cost: an eigenvalue problem of twice the size for each direction above the real axis, made of
  ///   products with J and its transpose.
  /// - Errors: ``SpectrumError``. Traps where there are fewer than 4 directions.
  public func numericalRange(directions: Int = 32, tolerance: Double? = nil) throws
    -> NumericalRange
  {
    require(directions >= 4, "numerical range: \(directions) directions are fewer than 4")
    // The other half is conjugate.
    let upper = directions / 2
    var (points, support): ([Complex], [Double]) = ([], [])
    for index in 0...upper {
      let angle = Double.pi * Double(index) / Double(upper)
      let (point, distance) = try extreme(at: Complex(magnitude: 1, angle: angle), tolerance)
      points.append(point)
      support.append(distance)
    }
    let lower = (1..<upper).reversed()
    return NumericalRange(
      boundary: points + lower.map { points[$0].conjugate },
      support: support + lower.map { support[$0] })
  }

  /// The point farthest in a direction, from the largest eigenvalue of the Hermitian part of J turned
  /// by the angle.
  ///
  /// With S and A the symmetric and antisymmetric halves and v = a + ib, it is that of
  ///
  ///     ┌ cos S   sin A ┐ ┌ a ┐
  ///     └ -sin A  cos S ┘ └ b ┘
  private func extreme(
    at direction: Complex, _ tolerance: Double?
  ) throws -> (point: Complex, distance: Double) {
    let (cosine, sine) = (direction.real, direction.imaginary)
    let n = size
    let edge = try symmetricEdge(of: 2 * n, target: .rightmost, tolerance: tolerance) { vector in
      let (a, b) = (try halves(Array(vector[..<n])), try halves(Array(vector[n...])))
      let upper = (0..<n).map { cosine * a.symmetric[$0] + sine * b.antisymmetric[$0] }
      let lower = (0..<n).map { cosine * b.symmetric[$0] - sine * a.antisymmetric[$0] }
      return upper + lower
    }
    let (a, b) = (Array(edge.vector[..<n]), Array(edge.vector[n...]))
    let (Ja, Jb) = (try product(with: a), try product(with: b))
    let length = dot(a, a) + dot(b, b)
    let point = Complex(
      (dot(a, Ja) + dot(b, Jb)) / length, (dot(a, Jb) - dot(b, Ja)) / length)
    return (point, edge.value)
  }

  private func halves(
    _ vector: [Double]
  ) throws -> (symmetric: [Double], antisymmetric: [Double]) {
    let (a, b) = (try product(with: vector), try transposedProduct(with: vector))
    return (zip(a, b).map { ($0 + $1) / 2 }, zip(a, b).map { ($0 - $1) / 2 })
  }
}
