import ThalwegKernels
import ThalwegTestSupport

/// A chain of random operations on random views, with numbers to run it on.
struct RandomChain {
  private(set) var chain: Chain
  let dtype: DType
  /// The elements of each buffer, inputs before outputs.
  private(set) var buffers: [[Double]] = []
  private(set) var outputCount = 0
  /// The numbers that watch outputs; their buffers are the last.
  var watchCount: Int { chain.watches.count }
  private var random: SplitMix64
  private let isWild: Bool

  /// The operations that are translated to machine code.
  static let operations: [ChainOperation] = [
    .copy, .negate, .abs, .sign, .square, .sqrt, .reciprocal, .exp, .log, .tanh, .sigmoid,
    .softplus, .relu, .step, .round, .floor, .add, .subtract, .multiply, .divide, .maximum,
    .minimum, .less, .lessEqual, .equal, .select,
  ]

  /// What is left in an output where nothing is written.
  static let untouched = 7.0

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    dtype = Bool.random(using: &random) ? .float32 : .float64
    isWild = Int.random(in: 0..<4, using: &random) == 0
    chain = Chain(over: [], inputs: [], constants: [], registers: 0, outputs: [], code: [])
    chooseDimensions()
    // Now and then more views than there are registers for pointers.
    let most = Int.random(in: 0..<10, using: &random) == 0 ? 18 : 6
    for _ in 0..<Int.random(in: 1...most, using: &random) { addInput() }
    for _ in 0..<Int.random(in: 0...4, using: &random) { chain.constants.append(number()) }
    for _ in 0..<Int.random(in: 1...3, using: &random) { addOutput() }
    addCode()
    if Int.random(in: 0..<3, using: &random) == 0 { addWatches() }
  }

  private mutating func addWatches() {
    let first = chain.inputs.count + chain.constants.count + chain.registers
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      let output = Int.random(in: 0..<outputCount, using: &random)
      buffers.append([Self.untouched])
      chain.watches.append(
        Chain.Watch(
          over: first + output, into: Operand(slots[buffers.count - 1]),
          limit: [1, 8, .infinity].randomElement(using: &random) ?? 1))
    }
  }

  private mutating func chooseDimensions() {
    let lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20, 31, 32, 33, 50, 64, 65, 100, 129, 300]
    var count = 1
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let length = lengths.randomElement(using: &random) ?? 1
      guard count * length <= 4000 else { continue }
      count *= length
      chain.dimensions.append(length)
    }
  }

  private mutating func number() -> Double {
    guard isWild else { return Double.random(in: -5...5, using: &random) }
    return wildNumber(using: &random)
  }

  // MARK: - Views

  private mutating func addInput() {
    let dimensions = chain.dimensions
    let kind = Int.random(in: 0..<8, using: &random)
    let shifts = kind >= 5 ? randomShifts(alongAll: kind == 7) : [:]
    let lengths = dimensions.indices.map { shifts[$0]?.extent ?? dimensions[$0] }
    var order = Array(lengths.indices)
    if kind == 1 { order.shuffle(using: &random) }
    var count = kind == 2 ? Int.random(in: 2...9, using: &random) : 1
    var strides = [Int](repeating: 0, count: lengths.count)
    for axis in order.reversed() {
      let standsStill = kind == 3 || kind == 7
      if standsStill, Int.random(in: 0..<3, using: &random) == 0 { continue }
      strides[axis] = count
      count *= lengths[axis]
      if kind == 4, Bool.random(using: &random) { count += 5 }
    }
    if kind == 0, Bool.random(using: &random) { strides = strides.map { _ in 0 } }
    let offset = Int.random(in: 0..<4, using: &random)
    // Sometimes it is the buffer of the view before.
    let fits = (buffers.last?.count ?? 0) >= count + offset
    if !fits || Bool.random(using: &random) {
      buffers.append((0..<count + offset).map { _ in number() })
    }
    chain.inputs.append(
      Chain.View(
        slot: slots[buffers.count - 1], offset: offset, strides: strides, shifts: shifts))
  }

  private mutating func randomShifts(alongAll: Bool) -> [Int: AxisShift] {
    var shifts: [Int: AxisShift] = [:]
    for (axis, length) in chain.dimensions.enumerated() {
      guard alongAll || axis == chain.dimensions.count - 1, Bool.random(using: &random) else {
        continue
      }
      let most = Int.random(in: 0..<8, using: &random) == 0 ? 2 * length : 2
      shifts[axis] = AxisShift(
        distance: Int.random(in: -most...most, using: &random),
        extent: Int.random(in: 0..<4, using: &random) == 0 ? length + 3 : length,
        boundary: ShiftBoundary.allCases.randomElement(using: &random) ?? .zero)
    }
    return shifts
  }

  private mutating func addOutput() {
    let kind = Int.random(in: 0..<5, using: &random)
    var count = kind == 0 ? Int.random(in: 2...4, using: &random) : 1
    var strides = [Int](repeating: 0, count: chain.dimensions.count)
    for axis in strides.indices.reversed() {
      strides[axis] = count
      count *= chain.dimensions[axis]
      if kind == 1 { count += 3 }
    }
    let offset = Int.random(in: 0..<3, using: &random)
    buffers.append([Double](repeating: Self.untouched, count: count + offset))
    outputCount += 1
    chain.outputs.append(
      Chain.View(slot: slots[buffers.count - 1], offset: offset, strides: strides))
  }

  // MARK: - Code

  private mutating func addCode() {
    let first = chain.inputs.count + chain.constants.count
    let isCrowded = Int.random(in: 0..<12, using: &random) == 0
    chain.registers = isCrowded ? 60 : Int.random(in: 0...8, using: &random)
    let isLong = Int.random(in: 0..<8, using: &random) == 0
    let length = isCrowded ? 80 : Int.random(in: 0...(isLong ? 100 : 12), using: &random)
    var known = Array(0..<first)
    for _ in 0..<(chain.registers == 0 ? 0 : length) {
      let destination = first + Int.random(in: 0..<chain.registers, using: &random)
      append(into: destination, known)
      if !known.contains(destination) { known.append(destination) }
    }
    for output in 0..<outputCount {
      append(into: first + chain.registers + output, known)
      if Bool.random(using: &random) { known.append(first + chain.registers + output) }
    }
  }

  private mutating func append(into destination: Int, _ known: [Int]) {
    let operands = (0..<3).map { _ in known.randomElement(using: &random) ?? 0 }
    chain.code.append(
      Chain.Instruction(
        Self.operations.randomElement(using: &random) ?? .add, into: destination, operands[0],
        operands[1], operands[2]))
  }

  // MARK: - Running

  /// Rows at which to cut the chain.
  func cuts(of rows: Int) -> [Int] {
    var random = random
    return (0..<Int.random(in: 0...4, using: &random)).map { _ in
      Int.random(in: 0...rows, using: &random)
    }
  }

  /// The outputs as the interpreter computes them.
  func interpreted() throws -> [Storage] {
    var builder = ProgramBuilder()
    builder.usesMachineCode = false
    let inputs = buffers.dropLast(outputCount + watchCount)
    for buffer in inputs { _ = builder.input(count: buffer.count, dtype: dtype) }
    for buffer in buffers.suffix(outputCount + watchCount) {
      _ = builder.output(count: buffer.count, dtype: dtype)
    }
    builder.chain(chain, dtype, label: "random")
    return try builder.finish().run(inputs.map { Storage($0, dtype: dtype) })
  }

  /// The elements of an output that the chain writes.
  func written(by output: Chain.View) -> Set<Int> {
    var places = [output.offset]
    for (length, stride) in zip(chain.dimensions, output.strides) {
      places = places.flatMap { place in (0..<length).map { place + $0 * stride } }
    }
    return Set(places)
  }
}

/// A number of any size, special ones among them.
func wildNumber(using random: inout SplitMix64) -> Double {
  let special: [Double] = [
    0, -0.0, 1, -1, .nan, .infinity, -.infinity, 1e-40, .leastNonzeroMagnitude, 3e38, -3e38, 1e308,
    88.7, -103.9, 709.5, -745.1, 0x1p-126, 0x1p-1022,
  ]
  switch Int.random(in: 0..<4, using: &random) {
  case 0: return special.randomElement(using: &random) ?? 0
  case 1: return Double(Float(bitPattern: UInt32.random(in: 0...(.max), using: &random)))
  case 2: return Double(bitPattern: random.next())
  default: return Double.random(in: -100...100, using: &random)
  }
}
