internal import Glibc

/// A complex number in double precision.
///
///     let z = Complex(0, 1)
///     z * z                  // -1
///     spectrum.eigenvalues.map(\.magnitude).max()
///
/// It lies in memory as LAPACK has it, the real part first.
public struct Complex: Hashable, Sendable, BitwiseCopyable {
  /// The real part.
  public var real: Double
  /// The imaginary part.
  public var imaginary: Double

  /// Creates a number from its parts.
  public init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The number of a given magnitude and angle.
  package init(magnitude: Double, angle: Double) {
    self.init(magnitude * cos(angle), magnitude * sin(angle))
  }

  /// The square of the distance from 0.
  public var squaredMagnitude: Double { real * real + imaginary * imaginary }

  /// The distance from 0, which neither overflows nor underflows before it must.
  public var magnitude: Double {
    let large = Swift.max(real.magnitude, imaginary.magnitude)
    guard large > 0, large.isFinite else { return large }
    let (a, b) = (real / large, imaginary / large)
    return large * (a * a + b * b).squareRoot()
  }

  /// The number with the opposite imaginary part.
  public var conjugate: Complex { Complex(real, -imaginary) }

  /// Whether both parts are finite.
  public var isFinite: Bool { real.isFinite && imaginary.isFinite }

  /// The root with a real part that is not negative.
  public var squareRoot: Complex {
    let size = magnitude
    let first = (Swift.max(0, size + real) / 2).squareRoot()
    let second = (Swift.max(0, size - real) / 2).squareRoot()
    return Complex(first, imaginary < 0 ? -second : second)
  }

  /// The number with both parts negated.
  public static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }

  /// The sum of two numbers.
  public static func + (a: Complex, b: Complex) -> Complex {
    Complex(a.real + b.real, a.imaginary + b.imaginary)
  }

  /// The difference of two numbers.
  public static func - (a: Complex, b: Complex) -> Complex {
    Complex(a.real - b.real, a.imaginary - b.imaginary)
  }

  /// The product of two numbers.
  public static func * (a: Complex, b: Complex) -> Complex {
    Complex(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  /// The quotient of two numbers.
  public static func / (a: Complex, b: Complex) -> Complex {
    // The divisor is scaled so that its square is neither 0 nor infinite.
    let large = Swift.max(b.real.magnitude, b.imaginary.magnitude)
    let scaled = Complex(b.real / large, b.imaginary / large)
    let product = a * scaled.conjugate
    let divisor = scaled.squaredMagnitude * large
    return Complex(product.real / divisor, product.imaginary / divisor)
  }
}

extension Complex: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self.init(value) }
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}

extension Complex: CustomStringConvertible {
  public var description: String {
    guard imaginary != 0 else { return "\(real)" }
    return "\(real) \(imaginary.sign == .minus ? "-" : "+") \(imaginary.magnitude)i"
  }
}
