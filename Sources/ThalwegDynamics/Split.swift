public import ThalwegTensors

/// The sum of two dynamics, of which the second is stiff.
///
///     let reactionDiffusion = Split(
///       explicit: ODE { t, u in u * (1 - u) }, implicit: ODE(K) { t, u, K in -matmul(K, u) })
///     let flow = Flow(
///       reactionDiffusion, over: 0...1, tolerance: .relative(1e-4, absolute: 1e-6),
///       using: AdditiveRungeKutta(.kenCarp4))
///
/// - Shapes: both parts have the shape of the state.
public struct Split<Explicit: Dynamics, Implicit: Dynamics>: SplitDynamics
where Explicit.State == Implicit.State {
  /// What evolves.
  public typealias State = Explicit.State

  /// The part that is not stiff.
  public private(set) var explicit: Explicit
  /// The stiff part.
  public private(set) var implicit: Implicit

  /// Creates the sum of a part that is stepped through explicitly and one implicitly.
  public init(explicit: Explicit, implicit: Implicit) {
    self.explicit = explicit
    self.implicit = implicit
  }

  public static var branches: Branches<Split<Explicit, Implicit>> {
    Branches(\.explicit, \.implicit)
  }
}
