import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

extension GraphBuilder {
  typealias Step = RandomGraph.Step

  // MARK: - Element-wise

  private static let smoothUnary: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("negate", { -$0 }), ("square", { square($0) }), ("sqrt", { sqrt(square($0) + 0.5) }),
    ("exp", { exp(0.5 * $0) }), ("log", { log(square($0) + 0.5) }), ("tanh", { tanh($0) }),
    ("sigmoid", { sigmoid($0) }), ("softplus", { softplus($0) }), ("sin", { sin($0) }),
    ("cos", { cos($0) }), ("cube", { pow(square($0) + 0.5, 1.5) }),
  ]

  private static let roughUnary: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("abs", { abs($0) }), ("sign", { sign($0) }), ("relu", { relu($0) }), ("step", { step($0) }),
    ("rounded", { $0.to(.float32).to(.float64).to($0.dtype) }),
  ]

  mutating func unary() -> Step? {
    let (name, function) = random.pick(
      isSmooth ? Self.smoothUnary : Self.smoothUnary + Self.roughUnary)
    return Step(label: name, operands: [anyValue()]) { function($0[0]) }
  }

  mutating func withNumber() -> Step? {
    let number = random.pick([0, 1, -1, 0.5, 2, 3.25])
    let functions: [(String, @Sendable (Tensor) -> Tensor)] = [
      ("+ \(number)", { $0 + number }), ("\(number) +", { number + $0 }),
      ("- \(number)", { $0 - number }), ("\(number) -", { number - $0 }),
      ("* \(number)", { $0 * number }), ("\(number) *", { number * $0 }),
      ("/ \(number)", { $0 / (number == 0 ? 4 : number) }),
      ("\(number) /", { number / (square($0) + 1) }),
    ]
    let (name, function) = random.pick(functions)
    return Step(label: name, operands: [anyValue()]) { function($0[0]) }
  }

  private static let smoothBinary: [(String, @Sendable (Tensor, Tensor) -> Tensor)] = [
    ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }),
    ("divide", { $0 / (square($1) + 0.5) }), ("power", { pow(square($0) + 0.5, tanh($1)) }),
  ]

  private static let roughBinary: [(String, @Sendable (Tensor, Tensor) -> Tensor)] = [
    ("max", { max($0, $1) }), ("min", { min($0, $1) }), ("less", { $0 .< $1 }),
    ("lessOrEqual", { $0 .<= $1 }), ("equal", { $0 .== $1 }),
    ("select", { select($0 .> 0, $0, $1) }), ("select swapped", { select($1 .< $0, $1, $0) }),
  ]

  mutating func binary() -> Step? {
    let first = anyValue()
    let shape = values[first].shape
    guard let second = anyValue(where: { $0.shape.broadcast(with: shape) != nil }) else {
      return nil
    }
    let (name, function) = random.pick(
      isSmooth ? Self.smoothBinary : Self.smoothBinary + Self.roughBinary)
    let operands = random.below(2) == 0 ? [first, second] : [second, first]
    return Step(label: name, operands: operands) { function($0[0], $0[1]) }
  }

  mutating func marked() -> Step? {
    // stopGradient is no smooth function: its derivative is not that of its values.
    let isCounted = isSmooth || random.below(2) == 0
    return Step(label: isCounted ? "counted" : "stopped", operands: [anyValue()]) {
      isCounted ? countingEvaluation($0[0]) : stopGradient($0[0])
    }
  }

  // MARK: - Views and copies

  mutating func broadcast() -> Step? {
    let value = anyValue()
    var dimensions = values[value].shape.dimensions
    guard dimensions.count < 4 else { return nil }
    for axis in dimensions.indices where dimensions[axis] == 1 {
      dimensions[axis] = random.pick([1, 2, 5])
    }
    if random.below(2) == 0 { dimensions.insert(random.pick([1, 2, 3]), at: 0) }
    let shape = Shape(dimensions)
    return Step(label: "broadcast to \(shape)", operands: [value]) { $0[0].broadcast(to: shape) }
  }

  mutating func reshape() -> Step? {
    let value = anyValue()
    let shape = values[value].shape
    let count = shape.elementCount
    var choices: [Shape] = [[count], [1, count], [count, 1], Shape(shape.reversed())]
    for divisor in [2, 3, 5, 7] where count > 0 && count % divisor == 0 {
      choices.append([divisor, count / divisor])
      choices.append([count / divisor, divisor])
    }
    if shape.rank < 4 { choices.append(Shape([1] + shape.dimensions)) }
    let result = random.pick(choices)
    return Step(label: "reshape to \(result)", operands: [value]) { $0[0].reshaped(to: result) }
  }

  mutating func transpose() -> Step? {
    guard let value = anyValue(where: { $0.rank >= 2 }) else { return nil }
    let order = Array(values[value].shape.indices).shuffled(using: &random)
    return Step(label: "transpose \(order)", operands: [value]) { $0[0].transposed(order) }
  }

  mutating func slice() -> Step? {
    guard let (value, axis) = anyAxis() else { return nil }
    let length = values[value].shape[axis]
    let lower = random.below(length + 1)
    let upper = lower + random.below(length - lower + 1)
    // Tensors without elements are rare, or the rest of the graph would have none either.
    guard lower < upper || random.below(20) == 0 else { return nil }
    return Step(label: "slice \(lower)..<\(upper) along \(axis)", operands: [value]) {
      $0[0].slice(lower..<upper, along: axis)
    }
  }

  mutating func pad() -> Step? {
    guard let (value, axis) = anyAxis() else { return nil }
    let (before, after, filler) = (random.below(3), random.below(3), random.pick([0, 0, 0.5]))
    return Step(label: "pad \(before), \(after) along \(axis) with \(filler)", operands: [value]) {
      $0[0].padded(before: before, after: after, along: axis, with: filler)
    }
  }

  mutating func concatenation() -> Step? {
    guard let (value, axis) = anyAxis() else { return nil }
    func profile(_ tensor: Tensor) -> [Int] {
      var dimensions = tensor.shape.dimensions
      if axis < dimensions.count { dimensions[axis] = 0 }
      return dimensions
    }
    let wanted = profile(values[value])
    var operands = [value]
    for _ in 0...random.below(2) {
      if let other = anyValue(where: { profile($0) == wanted && $0.rank > axis }) {
        operands.append(other)
      }
    }
    operands.shuffle(using: &random)
    return Step(label: "concatenate along \(axis)", operands: operands) {
      concatenate($0, along: axis)
    }
  }

  mutating func gather() -> Step? {
    guard let (value, axis) = anyAxis(), values[value].shape[axis] > 0 else { return nil }
    let length = values[value].shape[axis]
    let indices = (0..<1 + random.below(6)).map { _ in Double(random.below(length)) }
    return Step(label: "gather \(indices) along \(axis)", operands: [value]) {
      $0[0].gathered(at: Tensor(indices), along: axis)
    }
  }

  // MARK: - Sums

  mutating func reduction() -> Step? {
    let value = anyValue()
    let axes = values[value].shape.indices.filter { _ in random.below(3) > 0 }
    let keepsAxes = random.below(2) == 0
    let kind = random.pick(isSmooth ? [0, 1, 2] : [0, 1, 2, 3, 4])
    // The maximum of nothing is infinite.
    guard kind < 2 || values[value].count > 0 else { return nil }
    let name = ["sum", "mean", "logSumExp", "max", "min"][kind]
    return Step(label: "\(name) over \(axes)\(keepsAxes ? " kept" : "")", operands: [value]) {
      let x = $0[0]
      return switch kind {
      case 0: 0.25 * sum(x, over: axes, keepingAxes: keepsAxes)
      case 1: mean(x, over: axes, keepingAxes: keepsAxes)
      case 2: logSumExp(x, over: axes, keepingAxes: keepsAxes)
      case 3: max(x, over: axes, keepingAxes: keepsAxes)
      default: min(x, over: axes, keepingAxes: keepsAxes)
      }
    }
  }

  mutating func product() -> Step? {
    guard let first = anyValue(where: { $0.rank >= 1 }), !isExchanged(first) else { return nil }
    let a = values[first].shape
    let inner = a[a.rank - 1]
    func fits(_ b: Shape, _ size: Int) -> Bool {
      let batch = Shape(Array(a.dropLast(2))).broadcast(with: Shape(Array(b.dropLast(2))))
      return size == inner && batch.map { $0.elementCount <= 64 } == true
    }
    if random.below(2) == 0 {
      guard
        let second = anyValue(where: { $0.rank >= 2 && fits($0.shape, $0.shape[$0.rank - 1]) }),
        !isExchanged(second), !isFixed(second)
      else { return nil }
      // Compiled, because a plan multiplies by a transposed matrix without copying it, which
      // rounds differently.
      let compiled = compile { (x: [Tensor]) in 0.5 * matmul(x[0], x[1].transposed) }
      return Step(label: "product with transpose", operands: [first, second]) { try compiled($0) }
    }
    guard
      let second = anyValue(where: {
        $0.rank >= 1 && fits($0.shape, $0.shape[Swift.max($0.rank - 2, 0)])
      }), !isExchanged(second)
    else { return nil }
    return Step(label: "product", operands: [first, second]) { 0.5 * matmul($0[0], $0[1]) }
  }

  mutating func convolution() -> Step? {
    guard random.below(3) == 0,
      let value = anyValue(where: { $0.rank >= 1 && $0.count >= 6 && $0.count % 6 == 0 })
    else { return nil }
    let stride = 1 + random.below(2)
    let boundary = random.pick(Boundary.allCases)
    let kernel = Tensor.random([2, 1, 3, 2], dtype: dtype, using: &random)
    return Step(label: "convolution stride \(stride) \(boundary)", operands: [value]) {
      let image = $0[0].reshaped(to: [1, 1, $0[0].count / 6, 6])
      return ThalwegTensors.convolution(image, kernel, stride: stride, boundary: boundary)
    }
  }
}
