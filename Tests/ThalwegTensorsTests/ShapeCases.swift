import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// A case of an operation that moves elements about: where each element of the result comes from.
private func moved(
  _ label: String, _ shape: Shape, to result: Shape,
  filler: Double = 0, _ apply: @escaping @Sendable (Tensor) -> Tensor,
  from source: @escaping @Sendable ([Int]) -> [Int]?
) -> OperationCase {
  OperationCase("\(shape) \(label)", [.random(shape, seed: 21)]) {
    apply($0[0])
  } expected: { x in
    tabulated(result) { index in source(index).map { x[0][$0] } ?? filler }
  }
}

enum Broadcast: OperationLaw {
  private static func widened(_ shape: Shape, _ result: Shape) -> OperationCase {
    OperationCase("\(shape) to \(result)", [.random(shape, seed: 22)]) {
      $0[0].broadcast(to: result)
    } expected: { x in
      tabulated(result) { x[0].broadcast(at: $0) }
    }
  }

  static let cases = [
    widened([], []), widened([], [3]), widened([], [2, 3]), widened([3], [2, 3]),
    widened([2, 1], [2, 3]), widened([1, 3], [2, 3]), widened([2, 1, 3], [4, 2, 5, 3]),
    widened([3], [1, 3]), widened([1, 1], [60, 90]), widened([90], [60, 90]),
    widened([60, 1], [60, 90]), widened([1], [0]),
  ]
}

enum Reshape: OperationLaw {
  private static func reshaped(_ shape: Shape, _ result: Shape) -> OperationCase {
    OperationCase("\(shape) to \(result)", [.random(shape, seed: 23)]) {
      $0[0].reshaped(to: result)
    } expected: { x in
      Tensor(indices(of: x[0].shape).map { x[0][$0] }, shape: result)
    }
  }

  static let cases = [
    reshaped([6], [2, 3]), reshaped([2, 3], [6]), reshaped([], [1, 1]), reshaped([1], []),
    reshaped([2, 3, 4], [4, 3, 2]), reshaped([0, 3], [3, 0]), reshaped([100, 60], [60, 100]),
    // The elements of a transposed tensor have to be put in order first.
    moved("transposed to [12]", [3, 4], to: [12]) {
      $0.transposed.reshaped(to: [12])
    } from: {
      [$0[0] % 3, $0[0] / 3]
    },
    moved("expanded", [2, 3], to: [2, 1, 3]) {
      $0.expanded(at: 1)
    } from: {
      [$0[0], $0[2]]
    },
    moved("expanded at the end", [2, 3], to: [2, 3, 1]) {
      $0.expanded(at: -1)
    } from: {
      [$0[0], $0[1]]
    },
  ]
}

enum Transpose: OperationLaw {
  private static func permuted(_ shape: Shape, _ order: [Int]) -> OperationCase {
    moved("\(order)", shape, to: Shape(order.map { shape[$0] })) {
      $0.transposed(order)
    } from: { index in
      var source = index
      for (place, axis) in order.enumerated() { source[axis] = index[place] }
      return source
    }
  }

  static let cases =
    [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].map {
      permuted([2, 3, 4], $0)
    } + [permuted([70, 90], [1, 0]), permuted([1, 5], [1, 0]), permuted([3, 0], [1, 0])]
    + [
      moved("twice", [2, 3, 4], to: [3, 2, 4]) {
        $0.transposed([1, 2, 0]).transposed
      } from: {
        [$0[1], $0[0], $0[2]]
      }
    ]
}

/// A copy in row-major order, which plans insert where a kernel needs one.
enum Contiguous: OperationLaw {
  static let cases = [
    moved("output", [3, 4], to: [4, 3]) {
      $0.transposed
    } from: {
      [$0[1], $0[0]]
    },
    moved("reduced", [3, 4], to: [3, 2]) {
      sum($0.transposed.slice(1..<3).expanded(at: 0), over: [0]).transposed
    } from: {
      [$0[0], $0[1] + 1]
    },
    moved("gathered", [3, 4], to: [2, 3]) {
      $0.transposed.gathered(at: [3, 1])
    } from: {
      [$0[1], 3 - 2 * $0[0]]
    },
  ]
}

enum Slice: OperationLaw {
  static let cases = [
    moved("1..<3", [4, 3], to: [2, 3]) {
      $0.slice(1..<3)
    } from: {
      [$0[0] + 1, $0[1]]
    },
    moved("1..<3 of the last", [4, 3], to: [4, 2]) {
      $0.slice(1..<3, along: -1)
    } from: {
      [$0[0], $0[1] + 1]
    },
    moved("empty", [4, 3], to: [0, 3]) {
      $0.slice(2..<2)
    } from: {
      $0
    },
    moved("twice", [90, 80], to: [40, 30]) {
      $0.slice(20..<60).slice(7..<37, along: 1)
    } from: {
      [$0[0] + 20, $0[1] + 7]
    },
    moved("[1]", [4, 3], to: [3]) {
      $0[1]
    } from: {
      [1, $0[0]]
    },
    moved("[-1, 0]", [4, 3], to: []) {
      $0[-1, 0]
    } from: { _ in
      [3, 0]
    },
    moved("component 1", [4, 3], to: [4]) {
      $0.component(1)
    } from: {
      [$0[0], 1]
    },
    moved("component -1", [5, 4, 3], to: [5, 4]) {
      $0.component(-1)
    } from: {
      [$0[0], $0[1], 2]
    },
    moved("component 2 of the middle", [5, 4, 3], to: [5, 3]) {
      $0.component(2, along: 1)
    } from: {
      [$0[0], 2, $0[1]]
    },
    moved("component of a vector", [4], to: []) {
      $0.component(3)
    } from: { _ in
      [3]
    },
    moved("components the other way round", [4, 2], to: [4, 2]) {
      stack([$0.component(1), $0.component(0)], along: -1)
    } from: {
      [$0[0], 1 - $0[1]]
    },
    moved("split", [4, 6], to: [4, 2]) {
      $0.split(into: 3, along: 1)[1]
    } from: {
      [$0[0], $0[1] + 2]
    },
    moved("of a slice's transpose", [4, 6], to: [2, 4]) {
      $0.transposed.slice(3..<5)
    } from: {
      [$0[1], $0[0] + 3]
    },
  ]
}

enum Pad: OperationLaw {
  static let cases = [
    moved("1 and 2", [2, 3], to: [5, 3]) {
      $0.padded(before: 1, after: 2, along: 0)
    } from: {
      (1...2).contains($0[0]) ? [$0[0] - 1, $0[1]] : nil
    },
    moved("with a value", [2, 3], to: [2, 4], filler: 7) {
      $0.padded(before: 0, after: 1, along: 1, with: 7)
    } from: {
      $0[1] < 3 ? $0 : nil
    },
    moved("nothing", [0], to: [2]) {
      $0.padded(before: 1, after: 1, along: 0)
    } from: { _ in
      nil
    },
    moved("a transpose", [70, 90], to: [93, 70]) {
      $0.transposed.padded(before: 3, after: 0, along: 0)
    } from: {
      $0[0] < 3 ? nil : [$0[1], $0[0] - 3]
    },
  ]
}

enum Concatenate: OperationLaw {
  private static func joined(
    _ label: String, _ shapes: [Shape], along axis: Int, to result: Shape,
    _ transform: @escaping @Sendable (Tensor) -> Tensor = { $0 }
  ) -> OperationCase {
    let inputs = shapes.enumerated().map { Tensor.random($1, seed: UInt64(30 + $0)) }
    return OperationCase("\(shapes) \(label)", inputs) {
      concatenate($0.map(transform), along: axis)
    } expected: { _ in
      let parts = inputs.map { Numbers(transform($0)) }
      return tabulated(result) { index in
        let place = axis < 0 ? axis + result.rank : axis
        var index = index
        var part = 0
        while index[place] >= parts[part].shape[place] {
          index[place] -= parts[part].shape[place]
          part += 1
        }
        return parts[part][index]
      }
    }
  }

  static let cases = [
    joined("first", [[2, 3], [1, 3]], along: 0, to: [3, 3]),
    joined("last", [[2, 3], [2, 1], [2, 2]], along: -1, to: [2, 6]),
    joined("one", [[2, 3]], along: 0, to: [2, 3]),
    joined("with nothing", [[2, 3], [0, 3], [1, 3]], along: 0, to: [3, 3]),
    joined("middle", [[4, 30, 20], [4, 40, 20]], along: 1, to: [4, 70, 20]),
    // What is computed right before is computed in place.
    joined("computed", [[40, 90], [30, 90]], along: 0, to: [70, 90]) { sin($0) },
    joined("transposed", [[3, 2], [3, 4]], along: 0, to: [6, 3]) { $0.transposed },
    OperationCase("the same twice", [.random([2, 3], seed: 33)]) { x in
      let y = cos(x[0])
      return concatenate([y, y, x[0]])
    } expected: { x in
      tabulated([6, 3]) { index in
        let value = x[0][[index[0] % 2, index[1]]]
        return index[0] < 4 ? Tensor(value).cosine : value
      }
    },
    OperationCase("stacked", [.random([3], seed: 34), .random([3], seed: 35)]) {
      stack($0, along: 1)
    } expected: { x in
      tabulated([3, 2]) { x[$0[1]][[$0[0]]] }
    },
  ]
}

extension Tensor {
  fileprivate var cosine: Double { cos(self).scalar }
}

enum Convert: OperationLaw {
  private static let rounded = OperationCase("there and back", [.random([2, 37], seed: 36)]) { x in
    x[0].to(.float32).to(.float64).to(x[0].dtype)
  } expected: { x in
    tabulated(x[0].shape) { Double(Float(x[0][$0])) }
  }

  static let cases = [
    untested(rounded),
    moved("to itself", [5], to: [5]) {
      $0.to($0.dtype)
    } from: {
      $0
    },
  ]

  private static func untested(_ law: OperationCase) -> OperationCase {
    var copy = law
    copy.derivatives = .untested
    return copy
  }
}

enum Gather: OperationLaw {
  private static func gathered(
    _ shape: Shape, at indices: [Double], along axis: Int, to result: Shape
  ) -> OperationCase {
    moved("at \(indices) along \(axis)", shape, to: result, filler: .nan) {
      $0.gathered(at: Tensor(indices), along: axis)
    } from: { index in
      guard let place = Int(exactly: indices[index[axis]]), (0..<shape[axis]).contains(place)
      else { return nil }
      var source = index
      source[axis] = place
      return source
    }
  }

  private static let classes = OperationCase(
    "one hot", [Tensor([2, 0, 1, 3, -1, 0.5])], derivatives: .untested
  ) {
    $0[0].oneHot(3)
  } expected: { x in
    tabulated([6, 3]) { index in
      let label = x[0][[index[0]]]
      return [0, 1, 2].contains(label) ? (label == Double(index[1]) ? 1 : 0) : .nan
    }
  }

  private static func untested(_ law: OperationCase) -> OperationCase {
    var copy = law
    copy.derivatives = .untested
    return copy
  }

  static let cases = [
    gathered([4], at: [3, 0, 3], along: 0, to: [3]),
    gathered([4, 3], at: [2, 2, 2, 0], along: 0, to: [4, 3]),
    gathered([2, 4, 3], at: [1, 3, 1], along: 1, to: [2, 3, 3]),
    gathered([2, 4, 3], at: [0, 2, 0, 1, 1], along: 2, to: [2, 4, 5]),
    gathered([4, 3], at: [], along: 0, to: [0, 3]),
    untested(gathered([4, 3], at: [1, 4, -1, 0.5, .nan, .infinity], along: 0, to: [6, 3])), classes,
  ]
}
