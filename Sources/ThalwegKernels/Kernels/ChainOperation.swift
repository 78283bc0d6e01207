public import CThalwegKernels

extension ChainOperation {
  public static var copy: Self { TW_OP_COPY }
  public static var negate: Self { TW_OP_NEGATE }
  public static var abs: Self { TW_OP_ABS }
  public static var sign: Self { TW_OP_SIGN }
  public static var square: Self { TW_OP_SQUARE }
  public static var sqrt: Self { TW_OP_SQRT }
  public static var reciprocal: Self { TW_OP_RECIPROCAL }
  public static var exp: Self { TW_OP_EXP }
  public static var log: Self { TW_OP_LOG }
  public static var tanh: Self { TW_OP_TANH }
  public static var sigmoid: Self { TW_OP_SIGMOID }
  public static var softplus: Self { TW_OP_SOFTPLUS }
  public static var relu: Self { TW_OP_RELU }
  public static var sin: Self { TW_OP_SIN }
  public static var cos: Self { TW_OP_COS }
  public static var step: Self { TW_OP_STEP }
  public static var round: Self { TW_OP_ROUND }
  public static var floor: Self { TW_OP_FLOOR }
  public static var add: Self { TW_OP_ADD }
  public static var subtract: Self { TW_OP_SUBTRACT }
  public static var multiply: Self { TW_OP_MULTIPLY }
  public static var divide: Self { TW_OP_DIVIDE }
  public static var power: Self { TW_OP_POWER }
  public static var maximum: Self { TW_OP_MAXIMUM }
  public static var minimum: Self { TW_OP_MINIMUM }
  public static var less: Self { TW_OP_LESS }
  public static var lessEqual: Self { TW_OP_LESS_EQUAL }
  public static var equal: Self { TW_OP_EQUAL }
  public static var select: Self { TW_OP_SELECT }
}
