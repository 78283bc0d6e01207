/// Straight-line code on vectors: a list of instructions, each of which is a value for later ones.
struct VectorBlock {
  typealias Value = Int32

  /// The bits of a number that is repeated in every lane.
  struct Number: Hashable {
    var bits: UInt64
    var isDouble: Bool
  }

  /// The precision and length of the instructions that are appended.
  var isDouble: Bool
  var length = VectorLength.bytes64

  private(set) var instructions: [VectorInstruction] = []
  private(set) var numbers: [Number] = []
  private(set) var patterns: [[Int32]] = []
  private(set) var places: [VectorPlace] = []
  /// Which accumulator looks at which lanes.
  private(set) var watches: [(accumulator: Int, lanes: VectorPlace.Lanes)] = []
  private var known: [Number: Value] = [:]
  private var knownPatterns: [[Int32]: Value] = [:]

  init(_ dtype: DType) {
    isDouble = dtype == .float64
    instructions.reserveCapacity(64)
  }

  mutating func append(
    _ operation: VectorOperation, _ a: Value = -1, _ b: Value = -1, _ c: Value = -1,
    immediate: Int = 0
  ) -> Value {
    var instruction = VectorInstruction(operation, isDouble: isDouble, length)
    (instruction.a, instruction.b, instruction.c) = (a, b, c)
    instruction.immediate = Int32(truncatingIfNeeded: immediate)
    instructions.append(instruction)
    return Int32(truncatingIfNeeded: instructions.count - 1)
  }

  /// Takes turns among copies of the same code, the first of which begins at 0 and the others where
  /// they are said to.
  ///
  /// The instructions of a copy wait for one another. The processor looks ahead only so far, and
  /// finds more to do where the next instructions belong to another copy.
  mutating func interleave(_ starts: [Int]) {
    let bounds = [0] + starts + [instructions.count]
    var queues = zip(bounds, bounds.dropFirst()).map { Array($0..<$1)[...] }
    var order: [Int] = []
    while !queues[0].isEmpty {
      for copy in queues.indices {
        // Constants are in the first copy alone.
        while let index = queues[copy].popFirst() {
          order.append(index)
          let operation = instructions[index].operation
          if operation != .constant && operation != .pattern { break }
        }
      }
    }
    for copy in queues.indices { order += queues[copy] }
    // What is left to the next round replaces what was found.
    order =
      order.filter { instructions[$0].operation != .carry }
      + order.filter { instructions[$0].operation == .carry }
    var places = [Int32](repeating: -1, count: instructions.count)
    for (place, index) in order.enumerated() { places[index] = Int32(place) }
    instructions = order.map { index in
      var instruction = instructions[index]
      if instruction.a >= 0 { instruction.a = places[Int(instruction.a)] }
      if instruction.b >= 0 { instruction.b = places[Int(instruction.b)] }
      if instruction.c >= 0 { instruction.c = places[Int(instruction.c)] }
      return instruction
    }
    known = [:]
    knownPatterns = [:]
  }

  // MARK: - Constants

  /// A number in every lane.
  mutating func number(_ value: Double) -> Value {
    bits(isDouble ? value.bitPattern : UInt64(Float(value).bitPattern))
  }

  /// An element with these bits in every lane.
  mutating func bits(_ bits: UInt64) -> Value {
    let number = Number(bits: bits, isDouble: isDouble)
    if let value = known[number] { return value }
    numbers.append(number)
    let value = append(.constant, immediate: numbers.count - 1)
    known[number] = value
    return value
  }

  /// A whole number for each lane, of 32 bits.
  mutating func pattern(_ lanes: [Int32]) -> Value {
    if let value = knownPatterns[lanes] { return value }
    patterns.append(lanes)
    let value = append(.pattern, immediate: patterns.count - 1)
    knownPatterns[lanes] = value
    return value
  }

  // MARK: - Memory

  mutating func load(_ place: VectorPlace, at indices: Value = -1) -> Value {
    places.append(place)
    return append(.load, indices, immediate: places.count - 1)
  }

  mutating func store(_ value: Value, _ place: VectorPlace, at indices: Value = -1) {
    places.append(place)
    _ = append(.store, value, indices, immediate: places.count - 1)
  }

  /// Notes the magnitude of a value in some lanes.
  mutating func watch(_ value: Value, by accumulator: Int, _ lanes: VectorPlace.Lanes) {
    let magnitude = absolute(value)
    watches.append((accumulator, lanes))
    _ = append(.accumulate, magnitude, immediate: watches.count - 1)
  }

  // MARK: - Arithmetic

  mutating func add(_ a: Value, _ b: Value) -> Value { append(.add, a, b) }
  mutating func subtract(_ a: Value, _ b: Value) -> Value { append(.subtract, a, b) }
  mutating func multiply(_ a: Value, _ b: Value) -> Value { append(.multiply, a, b) }
  mutating func divide(_ a: Value, _ b: Value) -> Value { append(.divide, a, b) }
  mutating func multiplyAdd(_ a: Value, _ b: Value, _ c: Value) -> Value {
    append(.multiplyAdd, a, b, c)
  }
  mutating func multiplySubtract(_ a: Value, _ b: Value, _ c: Value) -> Value {
    append(.multiplySubtract, a, b, c)
  }
  mutating func subtractProduct(from c: Value, _ a: Value, _ b: Value) -> Value {
    append(.subtractProduct, a, b, c)
  }
  mutating func and(_ a: Value, _ b: Value) -> Value { append(.and, a, b) }
  mutating func or(_ a: Value, _ b: Value) -> Value { append(.or, a, b) }
  mutating func xor(_ a: Value, _ b: Value) -> Value { append(.xor, a, b) }
  mutating func addBits(_ a: Value, _ b: Value) -> Value { append(.addBits, a, b) }

  /// The lesser of two values, b where one is NaN.
  mutating func minimum(_ a: Value, _ b: Value) -> Value { append(.minimum, a, b) }
  /// The greater of two values, b where one is NaN.
  mutating func maximum(_ a: Value, _ b: Value) -> Value { append(.maximum, a, b) }

  mutating func compare(_ a: Value, _ relation: Relation, _ b: Value) -> Value {
    append(.compare, a, b, immediate: Int(relation.rawValue))
  }
  /// The lanes of a in a mask, and those of b outside.
  mutating func select(_ mask: Value, _ a: Value, _ b: Value) -> Value {
    append(.select, a, b, mask)
  }
  /// The lanes of a in a mask, and 0 outside.
  mutating func keep(_ mask: Value, _ a: Value) -> Value { append(.keep, a, -1, mask) }
}
