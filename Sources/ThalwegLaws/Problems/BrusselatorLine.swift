import Foundation
public import ThalwegDynamics
public import ThalwegTensors

/// Two chemicals that react and diffuse along a line: the Brusselator in one dimension.
///
///     u' = 1 + u²v - 4u + a ∂²u/∂x²,   v' = 3u - u²v + b ∂²v/∂x²,   0 < x < 1
///
/// with u = 1, v = 3 at both ends, a = b = 1/50, u = 1 + sin 2πx and v = 3 at the start. Second
/// differences on n points between the ends make it a stiff system of 2n equations, whose fastest
/// modes decay at the rate 4 (n + 1)² / 50.
///
///     let line = BrusselatorLine(cells: 128)
///     let flow = Flow(line.dynamics, over: 0...line.end, steps: 10_000, using: RungeKutta(.classic))
///     let state = try flow(line.start)    // [2, 128]: u and v
///
/// - Shapes: states are `[2, cells]`; the parameter of the dynamics is a and b, `[2]`.
/// - Source: E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II", Springer 1996,
///   section IV.1.
public struct BrusselatorLine: Hashable, Sendable {
  /// The number of points between the ends.
  public let cells: Int

  /// Creates a line of some points.
  public init(cells: Int) { self.cells = cells }

  /// The time until which it is followed.
  public var end: Double { 10 }

  /// The equations, with the coefficients of diffusion as their parameter.
  public var dynamics: ODE<Tensor> {
    let scale = Double((cells + 1) * (cells + 1))
    let ends = ends
    /// Second differences of a row with the same value beyond both ends.
    @Sendable func curvature(_ row: Tensor, _ value: Double) -> Tensor {
      let right = row.shifted(by: 1, along: 0, boundary: .zero)
      let left = row.shifted(by: -1, along: 0, boundary: .zero)
      return right - 2 * row + left + value * ends
    }
    return ODE(Tensor([0.02, 0.02])) { _, y, diffusion in
      let (u, v) = (y[0], y[1])
      let rates = scale * diffusion
      let growth = square(u) * v
      return [
        1 + growth - 4 * u + rates[0] * curvature(u, 1),
        3 * u - growth + rates[1] * curvature(v, 3),
      ]
    }
  }

  /// 1 at the first and last point, 0 elsewhere.
  private var ends: Tensor {
    Tensor((0..<cells).map { ($0 == 0 ? 1 : 0) + ($0 == cells - 1 ? 1 : 0) })
  }

  /// The state at the start.
  public var start: Tensor {
    let u = points.map { 1 + Foundation.sin(2 * Double.pi * $0) }
    return Tensor(u + [Double](repeating: 3, count: cells), shape: [2, cells])
  }

  /// Where the points lie.
  var points: [Double] { (1...cells).map { Double($0) / Double(cells + 1) } }
}
