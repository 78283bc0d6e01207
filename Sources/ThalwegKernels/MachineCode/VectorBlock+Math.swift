/// The functions of math_body.h, math_f32.h and math_f64.h, operation by operation.
///
/// Every sum of a product that C rounds once is rounded once here, and no other: the results are
/// those of the loops in C, bit for bit. `scale` takes the place of a product with a power of two
/// that has the same result.
extension VectorBlock {
  mutating func exp(_ x: Value) -> Value {
    let (e, whole) = exponential(x)
    return append(.scale, e, whole)
  }

  /// The factors of exp(x) = e · 2^whole.
  private mutating func exponential(_ x: Value) -> (e: Value, whole: Value) {
    let most = number(isDouble ? 710 : 89)
    let least = number(isDouble ? -746 : -104)
    let bounded = maximum(least, minimum(most, x))
    let whole = rounded(bounded)
    let r = remainder(bounded, whole)
    let square = multiply(r, r)
    let sum = multiplyAdd(square, horner(r, exponentialCoefficients), r)
    return (add(number(1), sum), whole)
  }

  /// x / ln 2, rounded to a whole number.
  private mutating func rounded(_ x: Value) -> Value {
    let shift = number(isDouble ? 0x1.8p52 : 0x1.8p23)
    let scale = number(isDouble ? 1.44269504088896340736 : Double(1.44269504 as Float))
    return subtract(multiplyAdd(x, scale, shift), shift)
  }

  /// What is left of x without whole · ln 2.
  private mutating func remainder(_ x: Value, _ whole: Value) -> Value {
    let high = subtractProduct(from: x, whole, number(ln2.high))
    return subtractProduct(from: high, whole, number(ln2.low))
  }

  mutating func sigmoid(_ x: Value) -> Value {
    let one = number(1)
    let t = exp(or(x, bits(signBit)))
    let numerator = select(compare(x, .less, number(0)), t, one)
    return divide(numerator, add(one, t))
  }

  mutating func softplus(_ x: Value) -> Value {
    let t = exp(or(x, bits(signBit)))
    return add(maximum(number(0), x), logOnePlus(t))
  }

  mutating func tanh(_ x: Value) -> Value {
    let one = number(1)
    let two = number(2)
    let a = minimum(number(40), multiply(two, absolute(x)))
    let whole = rounded(a)
    let r = remainder(a, whole)
    let p = multiplyAdd(multiply(r, r), horner(r, exponentialCoefficients), r)
    let scale = append(.scale, one, whole)
    let e = multiplyAdd(scale, p, subtract(scale, one))
    return or(divide(e, add(e, two)), and(x, bits(signBit)))
  }

  // MARK: - Logarithms

  mutating func log(_ x: Value) -> Value {
    let mantissa = isDouble ? 52 : 23
    let bias = isDouble ? 1023.0 : 127
    let twoToMantissa = number(isDouble ? 0x1p52 : 0x1p23)
    let smallest = number(isDouble ? 0x1p-1022 : 0x1p-126)
    let isSubnormal = compare(x, .less, smallest)
    let normal = select(isSubnormal, multiply(x, twoToMantissa), x)
    let lowEnd =
      isDouble
      ? (0.70710678118654752440 as Double).bitPattern
      : UInt64((0.70710678118654752440 as Float).bitPattern)
    let one = isDouble ? (1.0).bitPattern : UInt64(Float(1).bitPattern)
    let raised = addBits(normal, bits(one - lowEnd))
    // Below 2^mantissa, whole numbers become floating-point ones by way of the mantissa's bits.
    let field = append(.shiftRight, raised, immediate: mantissa)
    let offset = select(
      isSubnormal, number((isDouble ? 0x1p52 : 0x1p23) + bias + Double(mantissa)),
      number((isDouble ? 0x1p52 : 0x1p23) + bias))
    let exponent = subtract(or(field, twoToMantissa), offset)
    let fraction = and(raised, bits(UInt64(1) << UInt64(mantissa) - 1))
    let f = subtract(addBits(fraction, bits(lowEnd)), number(1))
    let low = multiply(exponent, number(ln2.low))
    let y = multiplySubtract(
      exponent, number(ln2.high), subtract(logCorrection(f, low), f))
    return logOfSpecialNumbers(x, otherwise: y)
  }

  private mutating func logOfSpecialNumbers(_ x: Value, otherwise y: Value) -> Value {
    let zero = number(0)
    let infinity = number(.infinity)
    let ofZero = select(compare(x, .equal, zero), number(-.infinity), number(.nan))
    let finite = select(compare(x, .greater, zero), y, ofZero)
    return select(compare(x, .less, infinity), finite, x)
  }

  private mutating func logCorrection(_ f: Value, _ low: Value) -> Value {
    let s = divide(f, add(number(2), f))
    let square = multiply(multiply(number(0.5), f), f)
    let z = multiply(s, s)
    let p = multiply(horner(z, logCoefficients), z)
    return subtract(square, multiplyAdd(s, add(square, p), low))
  }

  /// The value of log(1 + t) for 0 ≤ t ≤ 1.
  private mutating func logOnePlus(_ t: Value) -> Value {
    multiplyAdd(multiply(t, t), horner(t, logOnePlusCoefficients), t)
  }

  // MARK: - Pieces

  /// The polynomial with these coefficients, that of the highest power first.
  private mutating func horner(_ x: Value, _ coefficients: [Double]) -> Value {
    var p = number(coefficients[0])
    for coefficient in coefficients.dropFirst() { p = multiplyAdd(p, x, number(coefficient)) }
    return p
  }

  mutating func negate(_ x: Value) -> Value { xor(x, bits(signBit)) }
  mutating func absolute(_ x: Value) -> Value { and(x, bits(~signBit & allBits)) }

  private var signBit: UInt64 { isDouble ? 1 << 63 : 1 << 31 }
  private var allBits: UInt64 { isDouble ? .max : UInt64(UInt32.max) }

  private var ln2: (high: Double, low: Double) {
    isDouble
      ? (6.93147180369123816490e-01, 1.90821492927058770002e-10)
      : (0x1.62e4p-1, Double(1.42860677e-6 as Float))
  }

  private var exponentialCoefficients: [Double] {
    isDouble
      ? [
        2.5100383195867021335e-8, 2.7620085455018415689e-7, 2.7557268464831626452e-6,
        2.4801521302241083138e-5, 1.9841269863050505549e-4, 1.3888888917209671046e-3,
        8.3333333333300624555e-3, 4.1666666666624135973e-2, 0.16666666666666667453,
        0.50000000000000010219,
      ]
      : [
        0.0013926181810489343, 0.0083631776299944456, 0.041666554627878083, 0.16666576998242925,
        0.5,
      ]
  }

  private var logCoefficients: [Double] {
    isDouble
      ? [
        1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01,
        2.222219843214978396e-01, 2.857142874366239149e-01, 3.999999999940941908e-01,
        6.666666666666735130e-01,
      ] : [0.24279078841, 0.28498786688, 0.40000972152, 0.66666662693]
  }

  private var logOnePlusCoefficients: [Double] {
    isDouble
      ? [
        3.496499999517753e-05, -0.00038701111085803037, 0.002030846248409763, -0.006761419498849802,
        0.016177448292083774, -0.030006248922024147, 0.045718328874219644, -0.06024571849605114,
        0.07206052783890503, -0.0816358369873179, 0.09044038405818781, -0.09989940978337618,
        0.11109469727104494, -0.12499802193640867, 0.14285697368176903, -0.1666666569676973,
        0.19999999965822401, -0.2499999999935962, 0.33333333333328546, -0.49999999999999994,
      ]
      : [
        0.0020729527, -0.013631506, 0.041981414, -0.08307413, 0.124671265,
        -0.16129337, 0.19897932, -0.2498858, 0.3333269, -0.49999988,
      ]
  }
}
