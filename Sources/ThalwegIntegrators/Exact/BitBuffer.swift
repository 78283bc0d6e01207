public import ThalwegTensors

/// The bits that exact multiplications by a factor below 1 have taken from a state.
///
/// For each number there is a whole number that grows by the factor 1/γ with each step, the head. Its
/// low bits move to the limbs before it outgrows the whole numbers of the precision, for all numbers
/// in the same step, and from there back when steps are undone.
public struct BitBuffer: TensorTree {
  /// The whole numbers that take part in the next step, as the leaves of the state.
  public var heads: [Tensor]
  /// Bits that are at rest: `[limbs]` in front of the shape of the leaf.
  public var limbs: [Tensor]
  /// The number of steps, where there are bits.
  public var count: [Tensor]

  public static let branches = Branches(\BitBuffer.heads, \.limbs, \.count)

  /// No bits, as floating point needs them.
  static let none = BitBuffer(heads: [], limbs: [], count: [])

  /// The bytes of the buffer.
  public var bytes: Int { leaves.reduce(0) { $0 + $1.type.bytes } }
}
