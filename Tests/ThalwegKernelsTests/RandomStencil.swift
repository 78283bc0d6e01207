import ThalwegKernels
import ThalwegTestSupport

/// A chain that adds up flows between neighbours, each of which is that of the next cell, too.
struct RandomStencil {
  let chain: Chain
  let dtype: DType
  let values: [Double]
  let boundary: ShiftBoundary
  private(set) var random: SplitMix64

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    dtype = Bool.random(using: &random) ? .float32 : .float64
    boundary = ShiftBoundary.allCases.randomElement(using: &random) ?? .zero
    let rank = Int.random(in: 1...3, using: &random)
    var dimensions = (0..<rank).map { _ in Int.random(in: 1...12, using: &random) }
    dimensions[rank - 1] = Int.random(in: 1...400, using: &random)
    values = (0..<dimensions.reduce(1, *)).map { _ in Double.random(in: -1...1, using: &random) }
    var views = NeighbourViews(dimensions, boundary)
    var pairs: [(Int, Int)] = []
    for axis in 0..<rank where axis == rank - 1 || Bool.random(using: &random) {
      let step = axis == rank - 1 ? Int.random(in: 1...2, using: &random) : 1
      let lead = Int.random(in: 0...2, using: &random)
      var distances = rank > 1 ? [(axis + 1) % rank: Int.random(in: 0...1, using: &random)] : [:]
      for place in [lead, lead - step, lead - 2 * step] {
        distances[axis] = place
        let next = views.index(distances)
        distances[axis] = place - 1
        pairs.append((next, views.index(distances)))
      }
    }
    let kind = Int.random(in: 0..<4, using: &random)
    chain = Self.chain(dimensions, views.list, pairs, kind, &random)
    self.random = random
  }

  private static func chain(
    _ dimensions: [Int], _ inputs: [Chain.View], _ pairs: [(Int, Int)], _ kind: Int,
    _ random: inout SplitMix64
  ) -> Chain {
    let one = inputs.count
    var code: [Chain.Instruction] = []
    func append(_ operation: ChainOperation, _ a: Int, _ b: Int = 0) -> Int {
      code.append(Chain.Instruction(operation, into: one + 2 + code.count, a, b, 0))
      return one + 1 + code.count
    }
    var total = 0
    for (next, here) in pairs {
      let difference = append(.subtract, next, here)
      let scale = append(.add, append(.square, difference), one)
      let flow =
        switch kind {
        case 0: append(.divide, difference, scale)
        case 1: append(.divide, difference, append(.sqrt, scale))
        case 2: append(.tanh, difference)
        default: append(.multiply, difference, append(.exp, append(.negate, scale)))
        }
      total = append(Bool.random(using: &random) ? .add : .subtract, total, flow)
    }
    let registers = code.count
    _ = append(.multiply, total, one + 1)
    return Chain(
      over: dimensions, inputs: inputs, constants: [1, 0.3], registers: registers,
      outputs: [Chain.View(slot: slots[1], offset: 0, strides: Shape(dimensions).strides)],
      code: code)
  }

  /// The output as the interpreter computes it.
  func interpreted() throws -> Storage {
    var builder = ProgramBuilder()
    builder.usesMachineCode = false
    _ = builder.input(count: values.count, dtype: dtype)
    _ = builder.output(count: values.count, dtype: dtype)
    builder.chain(chain, dtype, label: "stencil")
    return try builder.finish().run([Storage(values, dtype: dtype)])[0]
  }
}

/// The views of one buffer at the distances that are asked for.
private struct NeighbourViews {
  private(set) var list: [Chain.View]
  private let dimensions: [Int]
  private let boundary: ShiftBoundary

  init(_ dimensions: [Int], _ boundary: ShiftBoundary) {
    self.dimensions = dimensions
    self.boundary = boundary
    list = [Chain.View(slot: slots[0], offset: 0, strides: Shape(dimensions).strides)]
  }

  mutating func index(_ distances: [Int: Int]) -> Int {
    var shifts: [Int: AxisShift] = [:]
    for (axis, distance) in distances where distance != 0 {
      shifts[axis] = AxisShift(distance: distance, extent: dimensions[axis], boundary: boundary)
    }
    if let known = list.firstIndex(where: { $0.shifts == shifts }) { return known }
    var view = list[0]
    view.shifts = shifts
    list.append(view)
    return list.count - 1
  }
}
