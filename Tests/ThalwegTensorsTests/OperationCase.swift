import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// An operation applied to some inputs, together with what must come out.
struct OperationCase: Sendable, CustomTestStringConvertible {
  enum Derivatives: Sendable {
    /// Twice differentiable near the inputs.
    case smooth
    /// Locally constant.
    case zero
    /// Tested elsewhere, because finite differences say nothing about them.
    case untested
  }

  var label: String
  /// Doubles; they are rounded where single precision is tested.
  let inputs: [Tensor]
  var derivatives = Derivatives.smooth
  /// The error allowed in double and in single precision, in units of the largest element.
  var precision = (double: 1e-14, single: 1e-5)
  let apply: @Sendable ([Tensor]) -> Tensor
  /// An evaluation with loops over indices.
  let expected: @Sendable ([Numbers]) -> Tensor

  init(
    _ label: String, _ inputs: [Tensor], derivatives: Derivatives = .smooth,
    _ apply: @escaping @Sendable ([Tensor]) -> Tensor,
    expected: @escaping @Sendable ([Numbers]) -> Tensor
  ) {
    self.label = label
    self.inputs = inputs
    self.derivatives = derivatives
    self.apply = apply
    self.expected = expected
  }

  var testDescription: String { label }

  func with(double: Double, single: Double) -> OperationCase {
    var copy = self
    copy.precision = (double, single)
    return copy
  }
}

/// The cases on which the laws of the operation of the same name are tested.
protocol OperationLaw: SendableMetatype {
  static var cases: [OperationCase] { get }
}

extension OperationLaw {
  /// The cases with the name of the operation in their labels.
  static var namedCases: [OperationCase] {
    cases.map { law in
      var named = law
      named.label = "\(Self.self) \(law.label)"
      return named
    }
  }
}

// MARK: - Element-wise cases

/// Shapes that are a single number, shorter than a vector, no multiple of one, and longer than the
/// pieces that a chain works on.
private let elementwiseShapes: [Shape] = [[], [1], [0], [37], [3, 5, 7], [5000]]

/// Pairs of shapes that broadcast in every way.
private let shapePairs: [(Shape, Shape)] = [
  ([], []), ([3], [3]), ([], [3]), ([3], []), ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 3]),
  ([4, 1, 3], [2, 1]), ([2, 1], [4, 1, 3]), ([1, 1], [3]), ([2, 3, 4], [3, 1]), ([5000], [5000]),
  ([70, 80], [80]), ([70, 80], [70, 1]), ([70, 1], [80]), ([0, 3], [3]), ([5000], []),
]

extension Tensor {
  /// Numbers of both signs, at least `gap` away from 0.
  static func awayFromZero(_ shape: Shape, gap: Double = 0.1, seed: UInt64) -> Tensor {
    let sizes = random(shape, in: gap...2, seed: seed).values
    let signs = random(shape, seed: seed + 1).values
    return Tensor(zip(sizes, signs).map { $1 < 0 ? -$0 : $0 }, shape: shape)
  }
}

/// Cases of a function of one variable; without a range, arguments keep away from 0.
func unary(
  in range: ClosedRange<Double>? = nil, derivatives: OperationCase.Derivatives = .smooth,
  _ apply: @escaping @Sendable (Tensor) -> Tensor,
  expected: @escaping @Sendable (Double) -> Double
) -> [OperationCase] {
  elementwiseShapes.map { shape in
    let x: Tensor =
      if let range { .random(shape, in: range, seed: 11) } else { .awayFromZero(shape, seed: 11) }
    return OperationCase("\(shape)", [x], derivatives: derivatives) {
      apply($0[0])
    } expected: { x in
      tabulated(x[0].shape) { expected(x[0][$0]) }
    }
  }
}

/// Cases of a function of two variables, with all ways of broadcasting.
func binary(
  first a: ClosedRange<Double> = -2...2, second b: ClosedRange<Double> = -2...2,
  isWhole: Bool = false, derivatives: OperationCase.Derivatives = .smooth,
  _ apply: @escaping @Sendable (Tensor, Tensor) -> Tensor,
  expected: @escaping @Sendable (Double, Double) -> Double
) -> [OperationCase] {
  shapePairs.map { shapes in
    var inputs = [
      Tensor.random(shapes.0, in: a, seed: 12), Tensor.random(shapes.1, in: b, seed: 13),
    ]
    if isWhole {
      inputs = inputs.map { Tensor($0.values.map { $0.rounded() }, shape: $0.shape) }
    }
    return OperationCase("\(shapes.0) \(shapes.1)", inputs, derivatives: derivatives) {
      apply($0[0], $0[1])
    } expected: { x in
      tabulated(x[0].shape.broadcast(with: x[1].shape) ?? []) { index in
        expected(x[0].broadcast(at: index), x[1].broadcast(at: index))
      }
    }
  }
}
