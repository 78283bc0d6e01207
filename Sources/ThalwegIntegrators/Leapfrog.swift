public import ThalwegDynamics
public import ThalwegTensors

/// The leapfrog method in its two-step form, for equations of second order.
///
///     Y₊ = 2 Y - Y₋ + h² f(t, Y)
///
/// The motion starts from rest. Second-order networks begin with Y₋ = Y₀, which is first-order
/// accurate in time: it acts like an initial velocity of h/2 · f. The consistent start
/// Y₋ = Y₀ + h²/2 · f(t₀, Y₀) makes the whole method second order.
///
/// - Order: 1 with the start of networks, 2 with the consistent one. Differences of states carry the
///   velocity, so that rounding errors grow like steps³ᐟ²; those of ``Verlet`` grow like their root.
/// - Stability: h·ω < 2 for y'' = -ω² y; at 2 solutions grow linearly.
/// - Cost: one evaluation a step, and one to begin with for the consistent start.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272.
public struct Leapfrog<Field: SecondOrderDynamics>: ReversibleIntegrator {
  /// How the state before the first one is chosen.
  public enum Start: Hashable, Sendable {
    /// Y₋ = Y₀, as second-order networks have it.
    case network
    /// Y₋ = Y₀ + h²/2 · f(t₀, Y₀), which has velocity 0 to second order.
    case consistent
  }

  /// The last two states.
  public struct Pair: TensorTree {
    /// The state at the current time.
    public var current: Tensor
    /// The state one step before.
    public var previous: Tensor

    public static var branches: Branches<Pair> { Branches(\.current, \.previous) }
  }

  /// How the state before the first one is chosen.
  public let startingFrom: Start

  /// Creates the method.
  public init(start: Start = .network) { startingFrom = start }

  public var order: Int { startingFrom == .network ? 1 : 2 }

  public func start(_ f: Field, at t: Tensor, from y: Tensor, by h: Tensor) -> Pair {
    switch startingFrom {
    case .network: Pair(current: y, previous: y)
    case .consistent: Pair(current: y, previous: y + h * h / 2 * f.acceleration(t, y))
    }
  }

  public func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    Pair(
      current: 2 * y.current - y.previous + h * h * f.acceleration(t, y.current),
      previous: y.current)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    Pair(
      current: y.previous,
      previous: 2 * y.previous - y.current + h * h * f.acceleration(t, y.previous))
  }

  public func state(of carry: Pair) -> Tensor { carry.current }
}
