/// What an instruction of a ``VectorBlock`` does with its operands a, b and c, in every lane.
package enum VectorOperation: UInt8 {
  /// One number of the block's constants, in every lane.
  case constant
  /// A vector of the block's constants.
  case pattern
  case load
  case store

  case add
  case subtract
  case multiply
  case divide
  /// a < b ? a : b
  case minimum
  /// a > b ? a : b
  case maximum
  /// a · 2^b for whole b
  case scale
  case and
  case or
  case xor
  /// The sum of the bits as whole numbers.
  case addBits

  case squareRoot
  /// A whole number nearby: the nearest, halves to even, or the greatest below.
  case round
  case shiftLeft
  case shiftRight

  /// a · b + c, rounded once
  case multiplyAdd
  /// a · b - c
  case multiplySubtract
  /// c - a · b
  case subtractProduct

  /// A mask of the lanes where a and b are in a relation.
  case compare
  /// A mask of the lanes where a and b have a bit in common.
  case testBits
  /// c ? a : b, where c is a mask
  case select
  /// c ? a : 0, where c is a mask
  case keep
  /// The lanes of b in the order given by a, those of a fixed set alone.
  case permute
  /// The lanes of b and then c, in the order given by a.
  case permuteBoth
  /// The last lanes of b and then the first ones of a, beginning with a lane of b.
  case join

  /// What the round of the loop before left.
  case carried
  /// Leaves a to the next round.
  case carry
  /// Keeps the largest bits of a that have been seen, as whole numbers without sign.
  case accumulate

  /// The lower or upper half of the lanes of a, in double precision.
  case widenLow
  case widenHigh
  /// The lanes of a and b, one behind the other, in single precision.
  case narrow

  var isCommutative: Bool {
    switch self {
    case .add, .multiply, .and, .or, .xor, .addBits: true
    default: false
    }
  }

  /// Whether the operation does something beside giving a value.
  var isEffect: Bool { self == .store || self == .carry || self == .accumulate }

  /// Whether the result is a mask.
  var isMask: Bool { self == .compare || self == .testBits }
}

/// The relations of a comparison, by their codes.
///
/// A NaN is unordered with all numbers, and not equal to them.
package enum Relation: Int32 {
  case equal = 0
  case less = 1
  case lessOrEqual = 2
  case unordered = 3
  case notEqual = 4
  case greater = 30
}

/// One value of a block: an operation on values before it.
package struct VectorInstruction {
  var operation: VectorOperation
  var isDouble: Bool
  var length: VectorLength
  var a: Int32 = -1
  var b: Int32 = -1
  var c: Int32 = -1
  /// Which constant, place, relation, or how many bits.
  var immediate: Int32 = 0

  package init(_ operation: VectorOperation, isDouble: Bool, _ length: VectorLength = .bytes64) {
    self.operation = operation
    self.isDouble = isDouble
    self.length = length
  }
}

/// Where a vector lies in memory.
struct VectorPlace: Hashable {
  enum Form: Hashable {
    /// Neighbours in memory.
    case neighbours
    /// One element for all lanes.
    case element
    /// Elements at a distance.
    case strided(Int)
    /// Elements at distances from the first that a pattern holds.
    case listed
  }

  /// Lanes that are touched; a load makes the others 0.
  enum Lanes: Hashable {
    case all
    /// Those that the mask register of the loop's rest has.
    case rest
    case fixed(UInt16)
  }

  /// Which of the function's pointers.
  var pointer: Int
  /// Whether the index of the innermost loop is added, in elements of this view.
  var isIndexed: Bool
  /// Bytes from the pointer.
  var displacement: Int
  var form = Form.neighbours
  /// Bytes of the elements that are touched, a power of 2.
  var bytes: Int
  var lanes = Lanes.all
  /// Whether what is loaded is overwritten later on.
  var isVolatile = false
}
