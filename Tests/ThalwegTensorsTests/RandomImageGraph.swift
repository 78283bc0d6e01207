import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// A scalar function of images, filters and biases that is made of random operations.
///
/// The same seed makes the same function. Its numbers stay of moderate size.
struct RandomImageGraph: Sendable {
  typealias Step = @Sendable (_ images: [Tensor], _ weights: [Tensor]) -> Tensor

  let images: [Tensor]
  private(set) var weights: [Tensor] = []
  private var steps: [(label: String, step: Step)] = []
  private var shapes: [Shape]
  private let dtype: DType
  private var random: SplitMix64

  init(seed: UInt64, length: Int, dtype: DType) {
    random = SplitMix64(seed: seed)
    self.dtype = dtype
    let channels = random.pick([1, 3, 8, 16, 17, 24, 32])
    let shape: Shape = [1 + random.below(3), channels, 4, 6]
    images = [.random(shape, dtype: dtype, using: &random)]
    shapes = [shape]
    while steps.count < length { addStep() }
  }

  /// The sum of all results that nobody uses, weighted by waves so that every element counts.
  func callAsFunction(_ leaves: [Tensor]) -> Tensor {
    var values = Array(leaves.prefix(images.count))
    let weights = Array(leaves.dropFirst(images.count))
    for step in steps { values.append(step.step(values, weights)) }
    return values.suffix(3).reduce(Tensor(0).to(dtype)) { total, value in
      let wave = sin(0.7 * Tensor.iota(value.count, dtype: dtype)).reshaped(to: value.shape)
      return total + sum(value * wave) + 0.5 * mean(square(value))
    }
  }

  var leaves: [Tensor] { images + weights }
  var listing: String {
    zip(shapes, ["input"] + steps.map(\.label)).enumerated()
      .map { "\($0): \($1.1) → \($1.0)" }.joined(separator: "\n")
  }

  private mutating func add(_ label: String, _ shape: Shape, _ step: @escaping Step) {
    steps.append((label, step))
    shapes.append(shape)
  }

  private mutating func weight(_ shape: Shape, scale: Double) -> Int {
    weights.append(Tensor(scale) * .random(shape, dtype: dtype, using: &random))
    return weights.count - 1
  }

  private mutating func addStep() {
    let index = shapes.count - 1 - random.below(Swift.min(3, shapes.count))
    let makers: [(inout RandomImageGraph, Int) -> Void] = [
      { $0.convolution(of: $1) }, { $0.convolution(of: $1) }, { $0.convolution(of: $1) },
      { $0.elementwise(of: $1) }, { $0.elementwise(of: $1) }, { $0.normalization(of: $1) },
      { $0.scale(of: $1) }, { $0.view(of: $1) }, { $0.join(with: $1) }, { $0.loop(from: $1) },
      { $0.loop(from: $1) },
    ]
    random.pick(makers)(&self, index)
  }

  private mutating func convolution(of index: Int) {
    let shape = shapes[index]
    let (size, filters) = (random.pick([1, 3, 3, 5]), random.pick([3, 8, 16, 17, 32]))
    let boundary: Boundary = random.below(2) == 0 ? .zero : .periodic
    let result: Shape = [shape[0], filters, shape[2], shape[3]]
    let scale = 1 / Double(size * size * shape[1]).squareRoot()
    if random.below(2) == 0 {
      let weight = weight([filters, shape[1], size, size], scale: scale)
      add("convolution \(size) \(boundary) of \(index)", result) {
        ThalwegTensors.convolution($0[index], $1[weight], boundary: boundary)
      }
    } else {
      let weight = weight([shape[1], filters, size, size], scale: scale)
      add("transposed convolution \(size) \(boundary) of \(index)", result) {
        transposedConvolution($0[index], $1[weight], boundary: boundary)
      }
    }
  }

  private mutating func elementwise(of index: Int) {
    let functions: [(String, @Sendable (Tensor) -> Tensor)] = [
      ("tanh", { tanh($0) }), ("negate", { -$0 }), ("sigmoid", { sigmoid($0) }),
      ("cosine", { cos($0) }), ("quotient", { 1 / (0.5 + square($0)) }),
      ("root", { sqrt(square($0) + 0.1) }), ("shift", { 2 * $0 - 0.5 }),
      ("logarithm", { log(abs($0) + 0.05) * 0.3 }),
    ]
    let (name, function) = random.pick(functions)
    let others = shapes.indices.filter { shapes[$0] == shapes[index] }
    let other = random.pick(others)
    add("\(name) of \(index) and \(other)", shapes[index]) { values, _ in
      function(values[index]) + (other == index ? 0 : 0.5 * values[other])
    }
  }

  private mutating func normalization(of index: Int) {
    let axes = random.pick([[2, 3], [0, 2, 3], [1], [1, 2, 3], [3]])
    add("normalization over \(axes) of \(index)", shapes[index]) { values, _ in
      let x = values[index]
      let centred = x - mean(x, over: axes, keepingAxes: true)
      return centred / sqrt(mean(square(centred), over: axes, keepingAxes: true) + 0.1)
    }
  }

  private mutating func scale(of index: Int) {
    let channels = shapes[index][1]
    let (scale, bias) = (weight([channels], scale: 1), weight([channels], scale: 0.3))
    add("scale and bias of \(index)", shapes[index]) { values, weights in
      values[index] * weights[scale].reshaped(to: [channels, 1, 1])
        + weights[bias].reshaped(to: [channels, 1, 1])
    }
  }

  private mutating func view(of index: Int) {
    let (n, c, h, w) = (shapes[index][0], shapes[index][1], shapes[index][2], shapes[index][3])
    switch random.below(5) {
    case 0 where h % 2 == 0 && w % 2 == 0:
      add("pool of \(index)", [n, c, h / 2, w / 2]) { v, _ in averagePool(v[index], size: 2) }
    case 1:
      add("transpose of \(index)", [n, c, w, h]) { values, _ in values[index].transposed }
    case 2:
      add("sum of \(index)", [n, c, 1, 1]) { values, _ in
        0.1 * sum(values[index], over: [2, 3], keepingAxes: true)
      }
    case 3 where h > 2:
      add("rows of \(index)", [n, c, h - 1, w]) { values, _ in
        values[index].slice(1..<h, along: 2)
      }
    default:
      add("margin of \(index)", [n, c, h, w + 1]) { values, _ in
        values[index].padded(before: 1, after: 0, along: 3, with: 0.5)
      }
    }
  }

  private mutating func join(with index: Int) {
    let shape = shapes[index]
    let cut = random.pick([8, 16].filter { $0 < shape[1] } + [0])
    if cut > 0 {
      add("channels from \(cut) of \(index)", [shape[0], shape[1] - cut, shape[2], shape[3]]) {
        values, _ in values[index].slice(cut..<shape[1], along: 1)
      }
    } else if shape[1] <= 32 {
      add("twice the channels of \(index)", [shape[0], 2 * shape[1], shape[2], shape[3]]) {
        values, _ in concatenate([values[index], -values[index]], along: 1)
      }
    }
  }

  private mutating func loop(from index: Int) {
    let shape = shapes[index]
    let count = 1 + random.below(3)
    let filters = (0..<count).map { _ in
      weight([shape[1], shape[1], 3, 3], scale: 0.3 / Double(shape[1]).squareRoot())
    }
    let biases = weight([count, shape[1]], scale: 0.5)
    let isReversed = random.below(2) == 0
    let shift = random.below(2) == 0 ? 0.0 : 1
    add("loop × \(count) from \(index)", shape) { values, weights in
      let y = values[index]
      let result = Loop.record(
        from: [y, y], over: [.listed(filters.map { weights[$0] }), .stacked(weights[biases])],
        count: count, isReversed: isReversed, emittedKinds: [.stacked]
      ) { state, elements in
        let z = tanh(
          ThalwegTensors.convolution(state[0], elements[0])
            + elements[1].reshaped(to: [shape[1], 1, 1]))
        let next = state[1] + 0.3 / (square(state[0]) + 1) + shift - z
        return ([0.5 * next, state[0]], [z + y])
      }
      return result.final[0] + result.final[1] + 0.3 * sum(result.emitted[0][0], over: [0])
    }
  }
}
