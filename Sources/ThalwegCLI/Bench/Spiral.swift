import Foundation

/// The data of workload W1: pieces of a spiral, from which a network of 252 numbers learns.
///
///     y' = (y ∘ y ∘ y) A,  A = [[-0.1, 2], [-2, -0.1]],  y(0) = (2, 0),  t = 25 k / 999, k < 1,000
struct Spiral {
  /// The trajectories of a batch, and the points of each.
  static let batch = 20
  static let times = 10
  /// Training steps.
  static let trainingSteps = 100
  static let hidden = 50
  /// The time from one point to the next.
  static let interval = 25.0 / 999

  /// The 1,000 points.
  let points: [SIMD2<Double>]

  /// Integrates by classical RK4 with 20 steps between one point and the next.
  init() {
    func slope(_ y: SIMD2<Double>) -> SIMD2<Double> {
      let cube = y * y * y
      return [-0.1 * cube.x - 2 * cube.y, 2 * cube.x - 0.1 * cube.y]
    }
    let h = Self.interval / 20
    var y: SIMD2<Double> = [2, 0]
    var points = [y]
    for _ in 1..<1000 {
      for _ in 0..<20 {
        let k1 = slope(y)
        let k2 = slope(y + 0.5 * h * k1)
        let k3 = slope(y + 0.5 * h * k2)
        let k4 = slope(y + h * k3)
        let inner = k2 + k3
        y += h / 6 * (k1 + 2 * inner + k4)
      }
      points.append(y)
    }
    self.points = points
  }

  /// Where the trajectories of a training step start, `[20, 2]`.
  func starts(of step: Int) -> [Double] { flat(step, at: 0) }

  /// What they should be at all times, `[10, 20, 2]`.
  func targets(of step: Int) -> [Double] { (0..<Self.times).flatMap { flat(step, at: $0) } }

  private func flat(_ step: Int, at time: Int) -> [Double] {
    (0..<Self.batch).flatMap { index in
      let point = points[(49 * index + 37 * step + 11) % 990 + time]
      return [point.x, point.y]
    }
  }

  /// The initial weights: W1 `[50, 2]`, b1, W2 `[2, 50]`, b2.
  static var weights: [[Double]] {
    let amplitude = 0.1 * 2.0.squareRoot()
    return [
      chirp(2 * hidden, phase: 0.3, amplitude: amplitude), Array(repeating: 0, count: hidden),
      chirp(2 * hidden, phase: 1.3, amplitude: amplitude), [0, 0],
    ]
  }
}
