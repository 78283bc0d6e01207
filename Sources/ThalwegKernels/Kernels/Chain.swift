public import CThalwegKernels

/// The arithmetic of one instruction of a ``Chain``.
public typealias ChainOperation = tw_op

/// A chain of element-wise operations that passes over memory once.
///
/// Operands are numbered: inputs, then constants, registers and outputs.
public struct Chain: Sendable {
  /// Where an operand of the chain lies, and how the chain walks over it.
  public struct View: Sendable {
    /// The buffer.
    public var slot: Slot
    /// The first element.
    public var offset: Int
    /// The distance between neighbours along each axis of the chain's dimensions.
    public var strides: [Int]

    /// Creates a view; `strides` has one entry for each of the chain's dimensions.
    public init(slot: Slot, offset: Int, strides: [Int]) {
      self.slot = slot
      self.offset = offset
      self.strides = strides
    }
  }

  /// One operation on operands.
  public struct Instruction: Sendable {
    /// What is computed.
    public var operation: ChainOperation
    /// Operand numbers; a missing one is 0.
    public var destination: Int
    public var a: Int
    public var b: Int
    public var c: Int

    /// Creates an instruction.
    public init(_ operation: ChainOperation, into destination: Int, _ a: Int, _ b: Int, _ c: Int) {
      self.operation = operation
      self.destination = destination
      self.a = a
      self.b = b
      self.c = c
    }
  }

  /// The largest number of operands.
  public static let maximumOperands = 256

  /// The iteration space, outermost axis first.
  public var dimensions: [Int]
  public var inputs: [View]
  public var constants: [Double]
  public var registers: Int
  public var outputs: [View]
  public var code: [Instruction]

  /// Creates a chain over the given iteration space.
  public init(
    over dimensions: [Int], inputs: [View], constants: [Double], registers: Int, outputs: [View],
    code: [Instruction]
  ) {
    self.dimensions = dimensions
    self.inputs = inputs
    self.constants = constants
    self.registers = registers
    self.outputs = outputs
    self.code = code
  }
}

extension ProgramBuilder {
  /// Appends a chain of element-wise operations.
  public mutating func chain(_ chain: Chain, _ dtype: DType, label: String) {
    let count = chain.dimensions.reduce(1, *)
    guard count > 0 else { return }
    let views = chain.inputs + chain.outputs
    let axes = Self.merged(chain.dimensions, views.map(\.strides))
    let encoded = views.enumerated().map { index, view in
      Self.encode(view, strides: axes.strides[index], dimensions: axes.dimensions)
    }
    var header = tw_chain()
    header.count = Int64(count)
    header.row = Int64(count / (chain.cut(dtype).extent))
    header.rank = Int32(axes.dimensions.count)
    writeLeading(&header.dims, with: axes.dimensions)
    header.inputs = Int32(chain.inputs.count)
    header.constants = Int32(chain.constants.count)
    header.registers = Int32(chain.registers)
    header.outputs = Int32(chain.outputs.count)
    header.instructions = Int32(chain.code.count)
    header.chunk = Int32(Self.chunk(for: chain, count: count, dtype))
    header.views = arguments.store(encoded)
    header.constant_values = arguments.store(chain.constants)
    header.code = arguments.store(chain.code.map(Self.encode))
    let scratchCount = withUnsafePointer(to: header) { tw_chain_scratch($0) }
    let scratch = temporary(count: Int(scratchCount), dtype: dtype)
    header.scratch = scratch.index
    append(
      dtype == .float32 ? tw_chain_f32 : tw_chain_f64, arguments.store(header),
      chain.accesses(dtype) + [.scratch(scratch)], cut: chain.cut(dtype), label: label)
  }

  /// Elements handled at a time, so that what a chunk works on stays in the second-level cache
  /// and most often in the first.
  private static func chunk(for chain: Chain, count: Int, _ dtype: DType) -> Int {
    let operands =
      chain.inputs.count + chain.constants.count + chain.registers + chain.outputs.count
    let bytes = 32 * 1024 / (Swift.max(operands, 1) * dtype.size)
    return Swift.min(count, Swift.max(256, bytes & ~63))
  }

  private static func encode(_ view: Chain.View, strides: [Int], dimensions: [Int]) -> tw_view {
    var result = tw_view()
    result.slot = view.slot.index
    result.offset = Int64(view.offset)
    if strides.allSatisfy({ $0 == 0 }) && dimensions.reduce(1, *) > 1 {
      result.kind = Int32(TW_SCALAR)
    } else if strides == Shape(dimensions).strides || dimensions.reduce(1, *) == 1 {
      result.kind = Int32(TW_DENSE)
    } else {
      result.kind = Int32(TW_STRIDED)
    }
    writeLeading(&result.strides, with: strides)
    return result
  }

  private static func encode(_ instruction: Chain.Instruction) -> tw_instruction {
    tw_instruction(
      op: UInt16(instruction.operation.rawValue), destination: UInt16(instruction.destination),
      a: UInt16(instruction.a), b: UInt16(instruction.b), c: UInt16(instruction.c))
  }

  /// Drops axes of length 1 and joins neighbours that every view walks over as one axis.
  static func merged(
    _ dimensions: [Int], _ strides: [[Int]]
  ) -> (dimensions: [Int], strides: [[Int]]) {
    var lengths: [Int] = []
    var steps = [[Int]](repeating: [], count: strides.count)
    for axis in dimensions.indices where dimensions[axis] != 1 {
      let joins =
        !lengths.isEmpty
        && strides.indices.allSatisfy { view in
          steps[view][lengths.count - 1] == strides[view][axis] * dimensions[axis]
        }
      if joins {
        lengths[lengths.count - 1] *= dimensions[axis]
        for view in strides.indices { steps[view][lengths.count - 1] = strides[view][axis] }
      } else {
        lengths.append(dimensions[axis])
        for view in strides.indices { steps[view].append(strides[view][axis]) }
      }
    }
    return (lengths, steps)
  }
}

/// Writes the leading entries of a C array of eight.
private func writeLeading(
  _ array: inout (Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64), with values: [Int]
) {
  withUnsafeMutableBytes(of: &array) { bytes in
    let entries = bytes.bindMemory(to: Int64.self)
    for (index, value) in values.enumerated() { entries[index] = Int64(value) }
  }
}
