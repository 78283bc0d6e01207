/// Loads and stores.
extension BlockEmitter {
  mutating func pinOrLoad(_ index: Int32, _ instruction: VectorInstruction) {
    pin(index)
    guard !isInMemory(index), !isInRegister(index) else { return }
    let indices = instruction.a < 0 ? nil : register(instruction.a)
    let target = take()
    load(instruction, into: target, indices)
    retire(index)
    define(index, in: target)
  }

  /// Reads a vector; lanes that are left out become 0.
  mutating func load(
    _ instruction: VectorInstruction, into target: UInt8, _ indices: UInt8? = nil
  ) {
    let place = block.places[Int(instruction.immediate)]
    let isDouble = instruction.isDouble
    let masking = maskRegister(of: place)
    let mask = LaneMask(register: masking, clears: masking != 0)
    let address = frame.address(of: place, &assembler)
    switch place.form {
    case .neighbours where place.bytes < 16:
      // The mask of such a piece is that of a whole row, so that one bit of it will do.
      assembler.vector(
        .loadElement(bytes: place.bytes), target, 0, .memory(address), .bytes16, mask: mask)
    case .neighbours:
      assembler.vector(
        .load(isDouble), target, 0, .memory(address), instruction.length, mask: mask)
    case .element:
      assembler.vector(
        .broadcast(isDouble), target, 0, .memory(address), .bytes64, mask: mask)
    case .strided, .listed:
      guard let indices else { return }
      prepareScattered(place)
      assembler.vector(.clear, target, target, .register(target), .bytes64)
      assembler.vector(
        .gather(isDouble), target, 0, .gathered(scaled(address, isDouble), index: indices),
        instruction.length, mask: LaneMask(register: Self.scratchMask))
    }
  }

  mutating func store(_ index: Int32, _ instruction: VectorInstruction) {
    let place = block.places[Int(instruction.immediate)]
    let isDouble = instruction.isDouble
    let value = register(instruction.a)
    let indices = instruction.b < 0 ? 0 : register(instruction.b)
    let mask = LaneMask(register: maskRegister(of: place))
    let address = frame.address(of: place, &assembler)
    switch place.form {
    case .neighbours where place.bytes < 16:
      assembler.vector(.storeElement(bytes: place.bytes), value, 0, .memory(address), .bytes16)
    case .strided, .listed:
      prepareScattered(place)
      assembler.vector(
        .scatter(isDouble), value, 0, .gathered(scaled(address, isDouble), index: indices),
        instruction.length, mask: LaneMask(register: Self.scratchMask))
    default:
      assembler.vector(
        .store(isDouble), value, 0, .memory(address), instruction.length, mask: mask)
    }
    retire(index)
  }

  private func scaled(_ address: Address, _ isDouble: Bool) -> Address {
    var address = address
    address.scale = isDouble ? 8 : 4
    return address
  }

  // MARK: - Masks

  /// The mask of the lanes of a place that exist; 0 for all of them.
  private mutating func maskRegister(of place: VectorPlace) -> UInt8 {
    if let row = frame.pointers[place.pointer].rowMask {
      assembler.loadMask(Self.scratchMask, Address(.rsp, row))
      switch place.lanes {
      case .all: break
      case .rest: assembler.andMask(Self.scratchMask, Self.restMask)
      case .fixed(let lanes):
        let other = takeMask()
        assembler.move(FunctionFrame.scratch, immediate: Int(lanes))
        assembler.moveMask(other, FunctionFrame.scratch)
        assembler.andMask(Self.scratchMask, other)
        freeMask(other)
      }
      return Self.scratchMask
    }
    return maskRegister(of: place.lanes)
  }

  /// The mask of some lanes; 0 for all of them.
  mutating func maskRegister(of lanes: VectorPlace.Lanes) -> UInt8 {
    switch lanes {
    case .all: return 0
    case .rest: return Self.restMask
    case .fixed(let lanes):
      setScratchMask(lanes)
      return Self.scratchMask
    }
  }

  mutating func setScratchMask(_ lanes: UInt16) {
    assembler.move(FunctionFrame.scratch, immediate: Int(lanes))
    assembler.moveMask(Self.scratchMask, FunctionFrame.scratch)
  }

  /// Gathers and scatters use up their mask.
  private mutating func prepareScattered(_ place: VectorPlace) {
    if frame.pointers[place.pointer].rowMask != nil { return }
    switch place.lanes {
    case .all: assembler.fillMask(Self.scratchMask)
    case .rest: assembler.moveMask(Self.scratchMask, Self.restMask)
    case .fixed: break
    }
  }
}
