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

  public let arithmetic: Arithmetic

  /// Creates the method.
  public init(start: Start = .network, arithmetic: Arithmetic = .floating) {
    startingFrom = start
    self.arithmetic = arithmetic
  }

  public var order: Int { startingFrom == .network ? 1 : 2 }

  public func start(_ f: Field, at t: Tensor, from y: Tensor, by h: Tensor) -> Pair {
    let y = arithmetic.onGrid(y)
    switch startingFrom {
    case .network: return Pair(current: y, previous: y)
    case .consistent:
      let previous = arithmetic.moved(y, by: h * h / 2 * f.acceleration(t, y))
      return Pair(current: y, previous: previous)
    }
  }

  public func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    Pair(
      current: arithmetic.moved(
        2 * y.current - y.previous, by: h * h * f.acceleration(t, y.current)),
      previous: y.current)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    Pair(
      current: y.previous,
      previous: arithmetic.moved(
        2 * y.previous - y.current, by: h * h * f.acceleration(t, y.previous)))
  }

  public func state(of carry: Pair) -> Tensor { carry.current }

  /// A quarter of the limit of exact sums: 2 Y - Y₋ is one.
  public func limits(of carry: Pair) -> [Double] {
    carry.leaves.map { arithmetic.limit(for: $0.dtype) / 4 }
  }
}
