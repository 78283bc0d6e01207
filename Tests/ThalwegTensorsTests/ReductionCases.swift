import Foundation
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Numbers in a range of positive ones, so that their sum does not cancel.
private func positive(_ shape: Shape) -> Tensor { .random(shape, in: 0.1...1, seed: 41) }

/// Numbers so far apart that no finite difference exchanges two, in no particular order.
private func distinct(_ shape: Shape) -> Tensor {
  var random = SplitMix64(seed: 42)
  let values = (0..<shape.elementCount).map { 0.02 * Double($0) }
  return Tensor(values.shuffled(using: &random), shape: shape)
}

/// A case of a reduction over some axes.
private func reduction(
  _ name: String, of x: Tensor, over axes: [Int], keepingAxes: Bool,
  _ apply: @escaping @Sendable (Tensor, [Int]?, Bool) -> Tensor,
  _ combine: @escaping @Sendable ([Double]) -> Double
) -> OperationCase {
  let shape = x.shape
  let label = "\(name) \(shape) over \(axes)\(keepingAxes ? " kept" : "")"
  return OperationCase(label, [x]) {
    apply($0[0], axes.isEmpty && shape.rank == 0 ? nil : axes, keepingAxes)
  } expected: { x in
    let kept = shape.indices.filter { !axes.contains($0) }
    var groups: [[Int]: [Double]] = [:]
    for index in indices(of: shape) {
      groups[kept.map { index[$0] }, default: []].append(x[0][index])
    }
    let result = tabulated(Shape(kept.map { shape[$0] })) { combine(groups[$0] ?? []) }
    let whole = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    return keepingAxes ? result.reshaped(to: Shape(whole)) : result
  }
}

/// All subsets of the axes of one shape, and shapes of every proportion.
private let reductions: [(shape: Shape, axes: [Int])] = subsets + proportions

private let subsets: [(shape: Shape, axes: [Int])] = (0..<16).map { subset in
  ([2, 3, 4, 5], (0..<4).filter { (subset >> $0) & 1 == 1 })
}

private let proportions: [(shape: Shape, axes: [Int])] =
  [
    ([], []), ([1], [0]), ([17], [0]), ([5000], [0]), ([300, 17], [0]), ([300, 17], [1]),
    ([17, 300], [0]), ([17, 300], [1]), ([3, 400, 3], [1]), ([1, 600, 1], [1]), ([2, 3, 270], [1]),
    ([129, 130], [0]), ([4, 0], [0]), ([7, 1], [1]),
  ]

/// Cases of a reduction of numbers that `sample` makes.
private func cases(
  _ name: String, of sample: (Shape) -> Tensor,
  _ apply: @escaping @Sendable (Tensor, [Int]?, Bool) -> Tensor,
  combine: @escaping @Sendable ([Double]) -> Double
) -> [OperationCase] {
  reductions.flatMap { shape, axes in
    [false, true].map {
      reduction(name, of: sample(shape), over: axes, keepingAxes: $0, apply, combine)
    }
  }
}

private let sums = cases("sum", of: positive) {
  sum($0, over: $1, keepingAxes: $2)
} combine: {
  $0.reduce(0, +)
}

private let means = cases("mean", of: positive) {
  mean($0, over: $1, keepingAxes: $2)
} combine: {
  $0.reduce(0, +) / Double($0.count)
}

private let maxima = cases("max", of: distinct) {
  max($0, over: $1, keepingAxes: $2)
} combine: {
  $0.max() ?? -.infinity
}

private let minima = cases("min", of: distinct) {
  min($0, over: $1, keepingAxes: $2)
} combine: {
  $0.min() ?? .infinity
}

private let logSumExps = cases("logSumExp", of: positive) {
  logSumExp($0, over: $1, keepingAxes: $2)
} combine: {
  log($0.map { exp($0) }.reduce(0, +))
}

enum Sum: OperationLaw {
  // The naive sum of the evaluation to compare with loses a digit more than the kernel.
  static let cases: [OperationCase] =
    (sums + means).map { $0.with(double: 1e-13, single: 1e-5) }
    + [
      OperationCase("of nothing", [Tensor.zeros([0, 3])]) {
        sum($0[0], over: [0])
      } expected: { _ in
        .zeros([3])
      },
      OperationCase("counted from the end", [.random([2, 3], seed: 42)]) {
        sum($0[0], over: [-1])
      } expected: { x in
        tabulated([2]) { x[0][[$0[0], 0]] + x[0][[$0[0], 1]] + x[0][[$0[0], 2]] }
      },
    ]
}

enum MaximumOver: OperationLaw {
  private static let softmaxes = OperationCase("softmax", [.random([5, 7], in: -3...3, seed: 43)]) {
    softmax($0[0], over: 1)
  } expected: { x in
    tabulated([5, 7]) { index in
      exp(x[0][index]) / (0..<7).map { exp(x[0][[index[0], $0]]) }.reduce(0, +)
    }
  }

  private static let shifted = OperationCase("without overflow", [.random([5], seed: 44)]) {
    logSumExp($0[0] + 700)
  } expected: { x in
    Tensor([700 + log((0..<5).map { exp(x[0][[$0]]) }.reduce(0, +))], shape: [])
  }

  static let cases = maxima + minima + logSumExps + [softmaxes, shifted]
}

private let variances = cases("variance", of: positive) {
  variance($0, over: $1, keepingAxes: $2)
} combine: { numbers in
  let mean = numbers.reduce(0, +) / Double(numbers.count)
  return numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(numbers.count)
}

enum Variance: OperationLaw {
  static let cases = variances.map { $0.with(double: 1e-13, single: 1e-5) }
}
