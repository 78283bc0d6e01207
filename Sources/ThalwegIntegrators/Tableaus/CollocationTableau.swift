import ThalwegKernels

/// The coefficients of the implicit Runge-Kutta method that collocates at given nodes.
///
///     u(t) = y,   u'(t + cᵢ h) = f(t + cᵢ h, u(t + cᵢ h)),   y₁ = u(t + h)
///
/// with a polynomial u. All coefficients are integrals of the polynomials that are 1 at one node and 0
/// at the others.
///
/// - Source: E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I",
///   Springer, 1993, doi:10.1007/978-3-540-78862-1, section II.7.
public struct CollocationTableau: Hashable, Sendable {
  /// The order of convergence.
  public let order: Int
  /// The nodes.
  public let c: [Double]
  /// The coefficients, by rows.
  public let a: [[Double]]
  /// The weights.
  public let b: [Double]
  /// The inverse of `a`, which gives slopes from what stages did.
  let inverse: [[Double]]

  /// Creates the tableau of nodes.
  ///
  /// - Errors: traps where nodes are equal, or 0.
  public init(order: Int, nodes: [Double]) {
    require(
      Set(nodes + [0]).count == nodes.count + 1, "collocation: nodes \(nodes) are equal or 0")
    let integrals = nodes.indices.map { Polynomial.lagrange($0, nodes).integral }
    self.order = order
    c = nodes
    a = nodes.map { node in integrals.map { $0(node) } }
    b = integrals.map { $0(1) }
    inverse = nodes.map { node in
      // The derivative at a node of the polynomial that is 1 at another one and 0 at 0.
      nodes.indices.map { Polynomial.lagrange($0 + 1, [0] + nodes).derivative(node) }
    }
  }

  /// The weights with which increments of the stages add up to that of the step.
  var stageWeights: [Double] {
    b.indices.map { j in zip(b, inverse).map { $0 * $1[j] }.reduce(0, +) }
  }

  /// The coefficients of the polynomials that weight increments of the stages between the ends, from
  /// that of θ up.
  var dense: [[Double]] {
    c.indices.map { Array(Polynomial.lagrange($0 + 1, [0] + c).coefficients.dropFirst()) }
  }

  /// The method of Radau IIA of order 5 with three stages.
  public static let radauIIA5 = CollocationTableau(
    order: 5, nodes: [(4 - 6.0.squareRoot()) / 10, (4 + 6.0.squareRoot()) / 10, 1])

  /// The method of Gauss of order 4 with two stages.
  public static let gauss4 = CollocationTableau(
    order: 4, nodes: [(3 - 3.0.squareRoot()) / 6, (3 + 3.0.squareRoot()) / 6])

  /// Every method of the library.
  public static let all = [radauIIA5, gauss4]
}

extension CollocationTableau {
  /// The coefficients of the polynomials that weight slopes of the stages between the ends, a row for
  /// each stage, from that of θ up.
  public var denseSlopes: [[Double]] {
    c.indices.map { j in
      dense[0].indices.map { power in
        c.indices.map { i in dense[i][power] * a[i][j] }.reduce(0, +)
      }
    }
  }
}
