import ThalwegKernels
import ThalwegTensors

/// Newton's method, which solves its linear systems by products with the exact Jacobian.
///
///     J(z) δ = F(z),   z ← z - λ δ
///
/// No Jacobian is formed, unless there are so few unknowns that factors are faster. A Krylov method
/// solves a system only as well as the distance from the root deserves, and λ is less than 1 only
/// where the residual would not shrink.
///
///     let solver = NewtonKrylov(tolerance: 1e-8, linear: .gmres(restart: 20))
///     let z = root(near: y, using: solver) { z in z - y - h * f(z) }
///
/// The root is found when what is left of the error is `tolerance` in units of its norm; with an
/// absolute tolerance, when the root mean square of the errors of all unknowns is 1 in units of
/// `absoluteTolerance + tolerance · |z|`. Krylov methods measure residuals in the same units: write a
/// residual so that its derivative in slow directions is about 1, as that of an implicit step is.
///
/// - Cost: an iteration is one evaluation, and a linearised one for each product: one for each unknown
///   where factors are computed, and so many as a Krylov method needs otherwise.
/// - Errors: where the residual cannot be made to shrink, where a matrix is singular, and where there
///   are too many iterations. A flow throws ``IntegrationError`` then, or takes a shorter step if it
///   controls them; a compiled function throws ``RootError``.
/// - Source: D. A. Knoll, D. E. Keyes, "Jacobian-free Newton-Krylov methods: a survey of approaches
///   and applications", J. Comput. Phys. 193 (2004), 357-397, doi:10.1016/j.jcp.2003.08.010.
public struct NewtonKrylov: Hashable, Sendable {
  /// What the unknowns of a batch have to do with each other.
  public enum Samples: Hashable, Sendable {
    /// They are one system with one norm.
    case together
    /// Each index of the leading axis is a system of its own, whose root does not depend on the others.
    case independent
  }

  /// The largest error, relative to the root; no less than 32 units of rounding are asked for.
  ///
  /// Where it is nil, it follows the steps: where their size is controlled, roots are computed to a
  /// thousandth of the error that a step may have in each component, at most 1e-6, and to 1e-10
  /// otherwise.
  public var tolerance: Double?
  /// The error of an unknown that does not matter, or nil where errors are measured by their norm.
  public var absoluteTolerance: Double?
  /// The most linear systems.
  public var maximumIterations: Int
  /// How linear systems are solved.
  public var linear: LinearSolver
  /// The most products for a linear system.
  public var maximumProducts: Int
  /// The relative residual to which the linear systems of derivatives are solved, or nil for a tenth
  /// of the tolerance, and 1e-11 where that follows the steps.
  public var derivativeTolerance: Double?
  /// What the unknowns of a batch have to do with each other.
  public var samples: Samples

  /// Creates a solver.
  public init(
    tolerance: Double? = nil, absoluteTolerance: Double? = nil, maximumIterations: Int = 25,
    linear: LinearSolver = .automatic, maximumProducts: Int = 1_000,
    derivativeTolerance: Double? = nil, samples: Samples = .together
  ) {
    require(
      [tolerance, absoluteTolerance].allSatisfy { $0.map { $0 >= 0 } ?? true },
      "NewtonKrylov: tolerances \(tolerance ?? 0), \(absoluteTolerance ?? 0)")
    self.tolerance = tolerance
    self.absoluteTolerance = absoluteTolerance
    self.maximumIterations = maximumIterations
    self.linear = linear
    self.maximumProducts = maximumProducts
    self.derivativeTolerance = derivativeTolerance
    self.samples = samples
  }

  private static let usualTolerance = 1e-10
  /// What equations leave of an error must not show beside that of the step, although stages that
  /// depend on one another multiply it.
  private static let partOfStepError = 1e-3
  /// A guess that is taken for a root because any error is allowed would be no step at all.
  private static let largestTolerance = 1e-6

  /// The solver of the equations of steps whose errors are controlled.
  func following(_ steps: Tolerance) -> NewtonKrylov {
    guard tolerance == nil else { return self }
    var solver = self
    func part(of error: Double) -> Double {
      Swift.min(Self.partOfStepError * error, Self.largestTolerance)
    }
    solver.tolerance = part(of: steps.relative)
    let smallest = steps.absolute.flatMap(\.values).min() ?? 0
    if absoluteTolerance == nil, smallest > 0 { solver.absoluteTolerance = part(of: smallest) }
    solver.derivativeTolerance = derivativeTolerance ?? Self.usualTolerance / 10
    return solver
  }

  /// The cells of the chain that the unknowns are, if that is asked for.
  private func cells(of leaves: [Tensor]) -> Int {
    guard case .banded(let reach) = linear else { return 1 }
    let axes = leaves.map { $0.shape.dropFirst(samples == .independent ? 1 : 0) }
    let cells = axes.first?.last ?? 0
    require(
      reach >= 0 && cells > 0 && axes.allSatisfy { $0.last == cells },
      "NewtonKrylov: leaves of shapes \(leaves.map(\.shape)) are no chain along their last axis")
    return cells
  }

  /// How roots among these unknowns are computed.
  func settings(for leaves: [Tensor]) -> RootSettings {
    let tolerance = tolerance ?? Self.usualTolerance
    let systems = samples == .independent ? leaves.first?.shape.first ?? 1 : 1
    let size = leaves.reduce(0) { $0 + $1.count } / Swift.max(systems, 1)
    let method = linear.method(for: size, cells: cells(of: leaves))
    func solving(to tolerance: Double) -> LinearSettings {
      LinearSettings(method, tolerance: tolerance, maximumIterations: maximumProducts)
    }
    return RootSettings(
      newton: NewtonSettings(
        tolerance: tolerance, absolute: absoluteTolerance, maximumIterations: maximumIterations),
      linear: solving(to: tolerance),
      derivative: solving(to: derivativeTolerance ?? tolerance / 10),
      systems: systems, error: RootError.shared)
  }
}
