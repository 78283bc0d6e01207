import CThalwegKernels

/// A chain of element-wise operations that passes over memory once.
///
/// Operands are numbered: inputs, then constants, registers and outputs.
package struct Chain: Sendable {
  /// Where an operand of the chain lies, and how the chain walks over it.
  package struct View: Sendable {
    /// The buffer.
    package var slot: Slot
    /// The first element.
    package var offset: Int
    /// The distance between neighbours along each axis of the chain's dimensions.
    package var strides: [Int]
    /// The axes along which the view reads elsewhere; inputs only.
    package var shifts: [Int: AxisShift]

    /// Creates a view; `strides` has one entry for each of the chain's dimensions.
    package init(slot: Slot, offset: Int, strides: [Int], shifts: [Int: AxisShift] = [:]) {
      self.slot = slot
      self.offset = offset
      self.strides = strides
      self.shifts = shifts
    }
  }

  /// One operation on operands.
  package struct Instruction: Sendable {
    /// What is computed.
    package var operation: ChainOperation
    /// Operand numbers; a missing one is 0.
    package var destination: Int
    package var a: Int
    package var b: Int
    package var c: Int

    /// Creates an instruction.
    package init(_ operation: ChainOperation, into destination: Int, _ a: Int, _ b: Int, _ c: Int) {
      self.operation = operation
      self.destination = destination
      self.a = a
      self.b = b
      self.c = c
    }
  }

  /// A number that becomes 0 if the magnitudes of all elements of an operand are below a limit, and
  /// NaN otherwise.
  package struct Watch: Sendable {
    /// An operand that no later instruction overwrites.
    package var operand: Int
    /// Where the number goes.
    package var result: Operand
    /// The limit, infinity where all finite numbers will do.
    package var limit: Double

    /// Creates a watch of an operand.
    package init(over operand: Int, into result: Operand, limit: Double = .infinity) {
      self.operand = operand
      self.result = result
      self.limit = limit
    }
  }

  /// The largest number of operands.
  package static let maximumOperands = 256

  /// The iteration space, outermost axis first.
  package var dimensions: [Int]
  package var inputs: [View]
  package var constants: [Double]
  package var registers: Int
  package var outputs: [View]
  package var code: [Instruction]
  package var watches: [Watch]

  /// Creates a chain over the given iteration space.
  package init(
    over dimensions: [Int], inputs: [View], constants: [Double], registers: Int, outputs: [View],
    code: [Instruction], watches: [Watch] = []
  ) {
    self.dimensions = dimensions
    self.inputs = inputs
    self.constants = constants
    self.registers = registers
    self.outputs = outputs
    self.code = code
    self.watches = watches
  }
}

extension ProgramBuilder {
  /// Appends a chain of element-wise operations.
  ///
  /// The memory of the slots that it overwrites may be that of one of its outputs, which is written
  /// by the last instruction that reads them.
  package mutating func chain(
    _ chain: Chain, overwriting slots: [Slot] = [], _ dtype: DType, label: String
  ) {
    let count = chain.dimensions.reduce(1, *)
    guard count > 0 else { return }
    let layout = ChainLayout(chain)
    let encoded = layout.views.map { encode($0, dimensions: layout.dimensions) }
    var header = tw_chain()
    header.count = Int64(count)
    header.row = Int64(count / layout.extent)
    header.rank = Int32(layout.dimensions.count)
    writeLeading(&header.dims, with: layout.dimensions)
    header.inputs = Int32(chain.inputs.count)
    header.constants = Int32(chain.constants.count)
    header.registers = Int32(chain.registers)
    header.outputs = Int32(chain.outputs.count)
    header.instructions = Int32(chain.code.count)
    header.chunk = Int32(Self.chunk(for: chain, count: count, dtype))
    header.views = arguments.store(encoded)
    header.constant_values = arguments.store(chain.constants)
    header.code = arguments.store(chain.code.map(Self.encode))
    header.watches = arguments.store(
      chain.watches.map {
        tw_watch(result: $0.result.encoded, operand: Int32($0.operand), limit: $0.limit)
      })
    header.watch_count = Int32(chain.watches.count)
    let scratchCount = withUnsafePointer(to: header) { tw_chain_scratch($0) }
    let scratch = temporary(count: Int(scratchCount), dtype: dtype)
    header.scratch = scratch.index
    append(
      dtype == .float32 ? tw_chain_f32 : tw_chain_f64, arguments.store(header),
      chain.accesses(dtype, overwriting: slots) + [.scratch(scratch)],
      cut: chain.cut(
        layout, dtype, isCompiled: usesMachineCode && MachineCode.isAvailable), label: label,
      chain: ChainCall(
        form: chain, dtype: dtype, scratch: scratch, overwritten: Set(slots)))
  }

  /// Elements handled at a time, so that what a chunk works on stays in the second-level cache
  /// and most often in the first.
  private static func chunk(for chain: Chain, count: Int, _ dtype: DType) -> Int {
    let operands =
      chain.inputs.count + chain.constants.count + chain.registers + chain.outputs.count
    let bytes = 32 * 1024 / (Swift.max(operands, 1) * dtype.size)
    return Swift.min(count, Swift.max(256, bytes & ~63))
  }

  private func encode(_ view: ChainLayout.View, dimensions: [Int]) -> tw_view {
    var result = tw_view()
    result.slot = view.slot.index
    result.offset = Int64(view.offset)
    if view.isShifted {
      result.kind = Int32(TW_SHIFTED)
      result.shifts = arguments.store(
        dimensions.indices.map { axis in
          let shift = view.shift(axis)
          return tw_shift(
            distance: Int64(shift?.distance ?? 0), extent: Int64(shift?.extent ?? dimensions[axis]),
            boundary: shift?.boundary.rawValue ?? 0)
        })
    } else if view.strides.allSatisfy({ $0 == 0 }) && dimensions.reduce(1, *) > 1 {
      result.kind = Int32(TW_SCALAR)
    } else if view.strides == Shape(dimensions).strides || dimensions.reduce(1, *) == 1 {
      result.kind = Int32(TW_DENSE)
    } else {
      result.kind = Int32(TW_STRIDED)
    }
    writeLeading(&result.strides, with: view.strides)
    return result
  }

  private static func encode(_ instruction: Chain.Instruction) -> tw_instruction {
    tw_instruction(
      op: UInt16(instruction.operation.rawValue), destination: UInt16(instruction.destination),
      a: UInt16(instruction.a), b: UInt16(instruction.b), c: UInt16(instruction.c))
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
