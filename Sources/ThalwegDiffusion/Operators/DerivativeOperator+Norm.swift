public import ThalwegKernels
import ThalwegStability
import ThalwegTensors

extension DerivativeOperator {
  /// A number that ‖D‖² does not exceed for states of a shape: what step sizes are chosen by.
  ///
  /// Of stencils it is the product of the largest sums of magnitudes in a row and in a column of the
  /// matrix, and sharp for differences on large grids: 4 on lines and 8 on images for the gradient. Of
  /// filters it is the largest eigenvalue of D*D, found to a relative tolerance and enlarged by it.
  ///
  /// - Cost: for filters some thirty applications of D and D* to one state.
  /// - Errors: ``SpectrumError`` where filters are not finite.
  public func squaredNorm(on shape: Shape, tolerance: Double = 1e-4) throws -> Double {
    filters == nil ? stencilBound(on: shape) : try largestEigenvalue(on: shape, tolerance)
  }

  /// ‖D‖² ≤ ‖D‖₁ ‖D‖∞, from all unit vectors of a grid in which every kind of row occurs.
  private func stencilBound(on shape: Shape) -> Double {
    let reach = stencils.map(\.reach).max() ?? 0
    let sides = shape.suffix(dimensions).map { Swift.min($0, 4 * reach + 3) }
    let count = sides.reduce(1, *)
    let units = Tensor(
      (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 }, shape: Shape([count] + sides))
    let columns = self(units).map { abs($0.reshaped(to: [count, count])) }
    let inRows = columns.flatMap { sum($0, over: [0]).values }.max() ?? 0
    let inColumns = columns.map { sum($0, over: [1]) }.reduce(Tensor(0), +).values.max() ?? 0
    return inRows * inColumns
  }

  /// D*D of a state, compiled once for each shape.
  private static let square = compile { (form: DerivativeOperator, u: Tensor) in
    form.adjoint(of: form(u), like: u)
  }

  private func largestEigenvalue(on shape: Shape, _ tolerance: Double) throws -> Double {
    guard let filters else { return 0 }
    let channels = filters.shape[1]
    let sides = Array(shape.suffix(dimensions))
    let state = Shape((channels == 1 ? [] : [channels]) + sides)
    let values = filters.values
    guard values.allSatisfy(\.isFinite) else { throw SpectrumError.notFinite }
    guard values.contains(where: { $0 != 0 }) else { return 0 }
    var form = self
    form.filters = filters.to(.float64)
    let edge = try symmetricEdge(
      of: state.elementCount, target: .rightmost, tolerance: tolerance
    ) { try Self.square(form, Tensor($0, shape: state)).values }
    return Swift.max(0, edge.value) * (1 + tolerance)
  }

  /// The operator with filters that are scaled down to ‖D‖ ≤ limit where they are larger.
  ///
  ///     D ← D · min(1, limit / ‖D‖)
  ///
  /// - Cost: that of ``squaredNorm(on:tolerance:)``.
  /// - Errors: ``SpectrumError`` where filters are not finite.
  public func projected(toNorm limit: Double, on shape: Shape) throws -> DerivativeOperator {
    guard let filters else { return self }
    let norm = try squaredNorm(on: shape).squareRoot()
    guard norm > limit else { return self }
    var result = self
    result.filters = filters * Tensor(limit / norm)
    return result
  }
}
