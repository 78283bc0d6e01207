/// A complex number, as far as the closed forms of the laws need one.
package struct Complex: Hashable, Sendable {
  package var real: Double
  package var imaginary: Double

  package init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  var squaredMagnitude: Double { real * real + imaginary * imaginary }
  package var magnitude: Double { squaredMagnitude.squareRoot() }

  /// The root with a real part that is not negative.
  var squareRoot: Complex {
    let size = magnitude
    let first = (Swift.max(0, size + real) / 2).squareRoot()
    let second = (Swift.max(0, size - real) / 2).squareRoot()
    return Complex(first, imaginary < 0 ? -second : second)
  }

  package static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }
  package static func + (a: Complex, b: Complex) -> Complex {
    Complex(a.real + b.real, a.imaginary + b.imaginary)
  }
  package static func - (a: Complex, b: Complex) -> Complex { a + -b }
  package static func * (a: Complex, b: Complex) -> Complex {
    Complex(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  package static func / (a: Complex, b: Complex) -> Complex {
    let product = a * Complex(b.real, -b.imaginary)
    let square = b.squaredMagnitude
    return Complex(product.real / square, product.imaginary / square)
  }
}

extension Complex: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self.init(value) }
  package init(integerLiteral value: Int) { self.init(Double(value)) }
}
