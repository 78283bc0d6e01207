import Foundation
import ThalwegDynamics
import ThalwegKernels
import ThalwegTensors

/// A kind of equation for which the catalogue has methods, with the problems its laws pose.
protocol TestField: DifferentialEquation {
  /// The equation of ``Amplification`` for many λ at once: complex numbers in columns, `[2, n]`.
  static func linear(_ λ: [Complex]) -> Self
  /// The initial value 1 for each of n values of λ.
  static func linearStart(_ count: Int) -> State

  /// An autonomous problem with a reference solution, conservative so that steps can be undone.
  static var autonomous: OrderProblem<Self> { get }
  /// A problem that depends on time, with a solution in closed form.
  static var nonAutonomous: OrderProblem<Self> { get }

  /// A layer with closed-form weights; each evaluation of the right-hand side takes one `tanh`.
  static func network(width: Int) -> Self
  /// An input of the layer.
  static func networkStart(width: Int) -> State
}

/// A problem with a known solution.
struct OrderProblem<Field: DifferentialEquation>: Sendable {
  let field: Field
  let start: Field.State
  let end: Double
  /// The state at the end, leaf by leaf.
  let solution: [Double]

  func error(of state: Field.State) -> Double {
    let values = state.leaves.flatMap(\.values)
    return zip(values, solution).map { ($0 - $1).magnitude }.reduce(0, Swift.max)
  }
}

/// λx for complex numbers in columns.
func multiplied(_ λ: [Complex], _ x: Tensor) -> Tensor {
  let (a, b) = (Tensor(λ.map(\.real)), Tensor(λ.map(\.imaginary)))
  return [a * x[0] - b * x[1], b * x[0] + a * x[1]]
}

/// n ones as complex numbers in columns.
func complexOnes(_ count: Int) -> Tensor {
  concatenate([.ones([1, count]), .zeros([1, count])])
}

/// Weights in closed form, of a norm that does not grow with the width.
enum NetworkWeights {
  /// Wᵢⱼ = 2 sin(1 + 3i + 7j + phase) / width, which for width 4 and phase 0 is the matrix of the
  /// golden gradients.
  static func matrix(_ width: Int, phase: Double = 0) -> Tensor {
    Tensor(
      (0..<width * width).map { index in
        let (i, j) = (Double(index / width), Double(index % width))
        return 2 * Foundation.sin(1 + 3 * i + 7 * j + phase) / Double(width)
      }, shape: [width, width])
  }

  /// bᵢ = cos(1 + i) / 4.
  static func bias(_ width: Int) -> Tensor { cos(1 + Tensor.iota(width)) / 4 }

  /// yᵢ = sin(1 + i).
  static func input(_ width: Int) -> Tensor { sin(1 + Tensor.iota(width)) }
}
