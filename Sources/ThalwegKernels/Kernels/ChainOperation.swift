import CThalwegKernels

/// The arithmetic of one instruction of a chain, on up to three operands a, b and c.
public struct ChainOperation: Hashable, Sendable {
  /// Its number in C.
  package let rawValue: UInt32

  private init(_ code: tw_op) { rawValue = code.rawValue }
}

extension ChainOperation {
  /// Gives a.
  public static var copy: Self { Self(TW_OP_COPY) }
  /// Gives -a.
  public static var negate: Self { Self(TW_OP_NEGATE) }
  /// Gives |a|.
  public static var abs: Self { Self(TW_OP_ABS) }
  /// Gives -1, 0 or 1, as the sign of a.
  public static var sign: Self { Self(TW_OP_SIGN) }
  /// Gives a².
  public static var square: Self { Self(TW_OP_SQUARE) }
  /// Gives √a.
  public static var sqrt: Self { Self(TW_OP_SQRT) }
  /// Gives 1 / a.
  public static var reciprocal: Self { Self(TW_OP_RECIPROCAL) }
  /// Gives eᵃ.
  public static var exp: Self { Self(TW_OP_EXP) }
  /// Gives the natural logarithm of a.
  public static var log: Self { Self(TW_OP_LOG) }
  /// Gives the hyperbolic tangent of a.
  public static var tanh: Self { Self(TW_OP_TANH) }
  /// Gives 1 / (1 + e⁻ᵃ).
  public static var sigmoid: Self { Self(TW_OP_SIGMOID) }
  /// Gives log(1 + eᵃ).
  public static var softplus: Self { Self(TW_OP_SOFTPLUS) }
  /// Gives the larger of a and 0.
  public static var relu: Self { Self(TW_OP_RELU) }
  /// Gives the sine of a.
  public static var sin: Self { Self(TW_OP_SIN) }
  /// Gives the cosine of a.
  public static var cos: Self { Self(TW_OP_COS) }
  /// Gives 1 where a > 0, and 0 elsewhere.
  public static var step: Self { Self(TW_OP_STEP) }
  /// Gives the integer next to a, the even one of two.
  public static var round: Self { Self(TW_OP_ROUND) }
  /// Gives the largest integer that is not above a.
  public static var floor: Self { Self(TW_OP_FLOOR) }
  /// Gives a + b.
  public static var add: Self { Self(TW_OP_ADD) }
  /// Gives a - b.
  public static var subtract: Self { Self(TW_OP_SUBTRACT) }
  /// Gives a b.
  public static var multiply: Self { Self(TW_OP_MULTIPLY) }
  /// Gives a / b.
  public static var divide: Self { Self(TW_OP_DIVIDE) }
  /// Gives a to the power of b.
  public static var power: Self { Self(TW_OP_POWER) }
  /// Gives the larger of a and b.
  public static var maximum: Self { Self(TW_OP_MAXIMUM) }
  /// Gives the smaller of a and b.
  public static var minimum: Self { Self(TW_OP_MINIMUM) }
  /// Gives 1 where a < b, and 0 elsewhere.
  public static var less: Self { Self(TW_OP_LESS) }
  /// Gives 1 where a ≤ b, and 0 elsewhere.
  public static var lessEqual: Self { Self(TW_OP_LESS_EQUAL) }
  /// Gives 1 where a = b, and 0 elsewhere.
  public static var equal: Self { Self(TW_OP_EQUAL) }
  /// Gives b where a is not 0, and c elsewhere.
  public static var select: Self { Self(TW_OP_SELECT) }
}
