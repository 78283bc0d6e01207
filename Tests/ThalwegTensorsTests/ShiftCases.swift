import Foundation
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

enum Shift: OperationLaw {
  /// The index that element i of a shifted axis reads, or nil where it is zero.
  private static func source(
    _ index: Int, _ distance: Int, _ length: Int, _ boundary: ShiftBoundary
  ) -> Int? {
    var index = index + distance
    switch boundary {
    case .zero: return (0..<length).contains(index) ? index : nil
    case .replicated: return min(max(index, 0), length - 1)
    case .periodic:
      while index < 0 { index += length }
      while index >= length { index -= length }
      return index
    }
  }

  private static func shifted(
    _ shape: Shape, _ axis: Int, _ distance: Int, _ boundary: ShiftBoundary
  ) -> OperationCase {
    OperationCase(
      "\(shape) by \(distance) along \(axis), \(boundary)", [.random(shape, seed: 31)]
    ) {
      $0[0].shifted(by: distance, along: axis, boundary: boundary)
    } expected: { x in
      tabulated(shape) { index in
        var index = index
        guard let place = source(index[axis], distance, shape[axis], boundary) else { return 0 }
        index[axis] = place
        return x[0][index]
      }
    }
  }

  /// Shifted views of views, and views of shifted views.
  private static let compositions = [
    composed("transposed", [4, 3], to: [3, 4]) {
      $0.shifted(by: 1, along: 0).transposed
    } from: {
      [min($0[1] + 1, 3), $0[0]]
    },
    composed("of a transposed one", [4, 3], to: [3, 4]) {
      $0.transposed.shifted(by: 1, along: 0)
    } from: {
      [$0[1], min($0[0] + 1, 2)]
    },
    composed("cut", [9, 2], to: [4, 2]) {
      $0.shifted(by: -2, along: 0).slice(1..<5)
    } from: {
      [max($0[0] - 1, 0), $0[1]]
    },
    composed("of a cut one", [9, 2], to: [4, 2]) {
      $0.slice(1..<5).shifted(by: -2, along: 0)
    } from: {
      [max($0[0] - 2, 0) + 1, $0[1]]
    },
    composed("twice", [9], to: [9]) {
      $0.shifted(by: -2, along: 0).shifted(by: 1, along: 0)
    } from: {
      [max(min($0[0] + 1, 8) - 2, 0)]
    },
    composed("along both axes", [5, 7], to: [5, 7]) {
      $0.shifted(by: -2, along: 0).shifted(by: 1, along: 1)
    } from: {
      [max($0[0] - 2, 0), min($0[1] + 1, 6)]
    },
    composed("reshaped", [4, 3], to: [12]) {
      $0.shifted(by: 1, along: 0).reshaped(to: [12])
    } from: {
      [min($0[0] / 3 + 1, 3), $0[0] % 3]
    },
    composed("broadcast", [3], to: [2, 3]) {
      $0.shifted(by: 1, along: 0).broadcast(to: [2, 3])
    } from: {
      [min($0[1] + 1, 2)]
    },
    composed("of a broadcast one", [3], to: [2, 3]) {
      $0.broadcast(to: [2, 3]).shifted(by: 1, along: 0)
    } from: {
      [$0[1]]
    },
  ]

  private static func composed(
    _ label: String, _ shape: Shape, to result: Shape,
    _ apply: @escaping @Sendable (Tensor) -> Tensor,
    from source: @escaping @Sendable ([Int]) -> [Int]
  ) -> OperationCase {
    OperationCase("\(shape) \(label)", [.random(shape, seed: 32)]) {
      apply($0[0])
    } expected: { x in
      tabulated(result) { x[0][source($0)] }
    }
  }

  /// An explicit step of diffusion, whose neighbours are read in one pass.
  private static let diffusion = OperationCase("in a diffusion step", [.random([6, 20], seed: 33)])
  {
    let u = $0[0]
    let flows = [1, -1].flatMap { distance in
      [0, 1].map { tanh(u.shifted(by: distance, along: $0) - u) }
    }
    return u + 0.1 * flows.reduce(Tensor(0), +)
  } expected: { x in
    tabulated([6, 20]) { index in
      let (i, j) = (index[0], index[1])
      let neighbours = [
        [min(i + 1, 5), j], [max(i - 1, 0), j], [i, min(j + 1, 19)], [i, max(j - 1, 0)],
      ]
      let center = x[0][index]
      return center + 0.1 * neighbours.reduce(0) { $0 + Foundation.tanh(x[0][$1] - center) }
    }
  }

  static let cases =
    ShiftBoundary.allCases.flatMap { boundary in
      [
        shifted([7], 0, 1, boundary), shifted([7], 0, -3, boundary), shifted([5], 0, 8, boundary),
        shifted([5], 0, -5, boundary), shifted([40], 0, 2, boundary),
        shifted([100], 0, -1, boundary),
        shifted([3, 4], 0, 1, boundary), shifted([3, 4], 1, -1, boundary),
        shifted([9, 70], 1, 1, boundary), shifted([2, 3, 40], 1, -1, boundary),
        shifted([2, 5, 3], 2, 2, boundary), shifted([1, 4], 0, 1, boundary),
      ]
    } + compositions + [diffusion]
}
