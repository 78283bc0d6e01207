import ExampleSupport
import Foundation
import Thalweg

/// An operation of one's own inside a differential equation: Oja's rule, W' = W (1 - Wᵀ W), which makes the
/// columns of a matrix orthogonal and of length 1.
@main
enum CustomOperation: Example {
  static func run(_ options: Options) throws {
    let rule = ODE { t, w in w - matmul(w, gram(w)) }
    let flow = Flow(rule, over: 0...4, steps: 80, using: RungeKutta(.classic))

    // Orthogonal columns stay so, and each length follows s' = s (1 - s²), which has a solution.
    let lengths = [0.1, 0.5, 1.7]
    let start: Tensor = [[0.1, 0, 0], [0, 0.3, 0], [0, 0.4, 0], [0, 0, 1.7]]
    func exact(_ length: Double, _ t: Double) -> Double {
      1 / (1 + (1 / (length * length) - 1) * Foundation.exp(-2 * t)).squareRoot()
    }
    let path = try flow.trajectory(from: start)
    let products = path.states.map { gram($0).values }
    let difference = lengths.indices.flatMap { column in
      zip(path.times, products).map { time, product in
        Swift.abs(product[4 * column].squareRoot() - exact(lengths[column], time))
      }
    }
    print("largest error of a length", (difference.max() ?? .nan).rounded(to: 3))

    // The plan of a step has one call for it.
    let compiled = compile { (w: Tensor) in w - matmul(w, gram(w)) }
    print(try compiled.plan(for: start))

    // The gradient of what the flow ends in, and a quotient of differences.
    func spread(_ w: Tensor) throws -> Tensor { sum(square(gram(try flow(w)) - [2, 1, 0])) }
    let gradient = try valueAndGradient(at: start, spread).gradient
    let change = Tensor.randomNormal(start.shape, key: 1)
    let quotient =
      try (spread(start + 1e-5 * change) - spread(start - 1e-5 * change)).scalar / 2e-5
    print("derivative", sum(gradient * change).scalar.rounded(to: 9))
    print("quotient of differences", quotient.rounded(to: 9))

    var plot = Plot("Oja's rule", x: "time", y: "lengths of columns")
    for (column, length) in lengths.enumerated() {
      plot.add(
        "from \(length)", x: path.times, y: products.map { $0[4 * column].squareRoot() })
    }
    plot.add(
      "exact", x: lengths.flatMap { _ in [0, 1, 2, 3, 4] },
      y: lengths.flatMap { length in [0, 1, 2, 3, 4].map { exact(length, $0) } }, as: .points)
    try plot.write(to: "\(options.folder)/custom-operation")
  }
}
