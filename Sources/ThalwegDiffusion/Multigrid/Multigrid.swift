import Foundation
import ThalwegKernels
public import ThalwegTensors

/// The multigrid method for a ``GridEquation``: sweeps on each grid take away what is rough there, and
/// coarser grids the rest.
///
///     let solution = try Multigrid().solve(poisson, b, tolerance: 1e-10)
///     print(solution.residuals, solution.convergenceFactor)
///
/// A cycle is written in tensor operations: it can stand in any traced function, as preconditioner or
/// layer, and is differentiated like one. It is symmetric, so that it may precondition conjugate
/// gradients.
///
/// - Cost: a cycle visits 4/3 as many unknowns as an image has with V, and 2 with W.
/// - Source: U. Trottenberg, C. W. Oosterlee, A. Schüller, "Multigrid", Academic Press, 2001,
///   chapter 2.
public struct Multigrid: Hashable, Sendable {
  /// How often coarser grids are visited.
  public enum Cycle: String, Hashable, Sendable, CaseIterable {
    /// Once on each grid.
    case v
    /// Twice from each finer grid.
    case w
    /// Begun on the coarsest grid, with a V cycle on each one on the way up.
    case full
  }

  /// How often coarser grids are visited.
  public let cycle: Cycle
  /// The sweeps before and after each visit of the next coarser grid.
  public let sweeps: Int

  /// Creates a method.
  ///
  /// - Errors: traps where there are no sweeps.
  public init(_ cycle: Cycle = .v, sweeps: Int = 3) {
    require(sweeps > 0, "multigrid: \(sweeps) sweeps")
    self.cycle = cycle
    self.sweeps = sweeps
  }

  /// An approximate solution from nothing, by one cycle.
  public func approximation(_ equation: GridEquation, _ b: Tensor) -> Tensor {
    switch cycle {
    case .v, .w: correction(equation, b)
    case .full: fromBelow(equation, b)
    }
  }

  /// An approximate solution made better by one cycle.
  public func improved(_ x: Tensor, _ equation: GridEquation, _ b: Tensor) -> Tensor {
    x + approximation(equation, b - equation(x))
  }

  // MARK: - Cycles

  private func correction(_ equation: GridEquation, _ b: Tensor) -> Tensor {
    let transfer = GridTransfer(axes: equation.axes, boundary: equation.boundary)
    guard transfer.isCoarsenable(b.shape) else { return coarsest(equation, b) }
    let smoother = Smoother(equation, degree: sweeps, b.dtype)
    var x = smoother.swept(nil, b)
    let coarser = equation.coarsened(transfer)
    for _ in 0..<(cycle == .w ? 2 : 1) {
      let rest = transfer.restricted(b - equation(x))
      x = x + transfer.prolonged(correction(coarser, rest), to: b.shape)
      x = smoother.swept(x, b, isReversed: true)
    }
    return x
  }

  private func fromBelow(_ equation: GridEquation, _ b: Tensor) -> Tensor {
    let transfer = GridTransfer(axes: equation.axes, boundary: equation.boundary)
    guard transfer.isCoarsenable(b.shape) else { return coarsest(equation, b) }
    let start = transfer.prolonged(
      fromBelow(equation.coarsened(transfer), transfer.restricted(b)), to: b.shape)
    return start + correction(equation, b - equation(start))
  }

  /// So many sweeps that little is left, on a grid that is small unless its sides are odd.
  private func coarsest(_ equation: GridEquation, _ b: Tensor) -> Tensor {
    let sides = equation.axes.map { b.shape[b.rank + $0] }
    let slowest = sides.map { side -> Double in
      let angle: Double =
        switch equation.boundary {
        case .reflecting: .pi / Double(side)
        case .periodic: 2 * .pi / Double(side)
        case .zero: .pi / Double(side + 1)
        }
      return 2 - 2 * Foundation.cos(angle)
    }
    let low = (slowest.filter { $0 > 1e-12 }.min() ?? 2) / Double(2 * sides.count)
    // The error falls by (√c - 1) / (√c + 1) a sweep, c = 2 / low.
    let count = Int((6 * (2 / low).squareRoot()).rounded(.up))
    return Smoother(equation, degree: Swift.max(2, count), b.dtype, from: Swift.min(low, 1))
      .swept(nil, b)
  }

  // MARK: - Solution

  /// The solution to a relative residual.
  ///
  /// For equations that a constant solves, the mean of the right side is taken away, and so is that
  /// of the solution.
  ///
  /// - Cost: the first call compiles a cycle, once for each equation and shape.
  /// - Errors: ``MultigridError`` where the residual does not fall to the tolerance.
  public func solve(
    _ equation: GridEquation, _ b: Tensor, tolerance: Double = 1e-8, maximumCycles: Int = 50
  ) throws -> MultigridSolution {
    let isSingular = equation.isSingular
    let mean = b.values.reduce(0, +) / Double(Swift.max(b.count, 1))
    let right = isSingular ? b - Tensor(mean) : b
    let step = compile { (x: Tensor, b: Tensor) in
      let next = improved(x, equation, b)
      return [next, sum(square(b - equation(next)))]
    }
    let scale = sum(square(right)).scalar.squareRoot()
    var (x, residuals) = (Tensor.zeros(b.shape, dtype: b.dtype), [1.0])
    guard scale > 0 else { return MultigridSolution(state: x, residuals: [0]) }
    while let last = residuals.last, last > tolerance {
      guard residuals.count <= maximumCycles, last.isFinite else {
        throw MultigridError(residual: last, cycles: residuals.count - 1)
      }
      let results = try step(x, right)
      x = results[0]
      residuals.append(results[1].scalar.squareRoot() / scale)
    }
    if isSingular { x = x - Tensor(x.values.reduce(0, +) / Double(x.count)) }
    return MultigridSolution(state: x, residuals: residuals)
  }
}

/// Sweeps whose sizes are those of a Chebyshev polynomial, for errors between two eigenvalues.
struct Smoother {
  private let equation: GridEquation
  private let inverse: Tensor
  private let sizes: [Double]

  /// Creates sweeps for the errors that coarser grids do not see, or for those from an eigenvalue on.
  ///
  /// Eigenvalues are those of the matrix divided by its diagonal, the largest of which is below 2. What
  /// coarser grids see badly begins a little below 1 / dimensions.
  init(
    _ equation: GridEquation, degree: Int, _ dtype: DType, from low: Double? = nil
  ) {
    self.equation = equation
    inverse = 1 / equation.diagonal(dtype)
    let (low, high) = (low ?? 0.7 / Double(equation.dimensions), 2.0)
    sizes = (0..<degree).map { index in
      let angle = Double.pi * (Double(Self.order(index, degree)) + 0.5) / Double(degree)
      return 1 / ((high + low) / 2 + (high - low) / 2 * Foundation.cos(angle))
    }
  }

  /// Large and small sizes in turn, so that rounding errors do not grow on the way.
  private static func order(_ index: Int, _ degree: Int) -> Int {
    index.isMultiple(of: 2) ? index / 2 : degree - 1 - index / 2
  }

  /// What sweeps make of x, or of 0.
  func swept(_ x: Tensor?, _ b: Tensor, isReversed: Bool = false) -> Tensor {
    let sizes = isReversed ? self.sizes.reversed() : self.sizes
    var result = x
    for size in sizes {
      let rest = result.map { b - equation($0) } ?? b
      let push = size * inverse * rest
      result = result.map { $0 + push } ?? push
    }
    return result ?? b
  }
}
