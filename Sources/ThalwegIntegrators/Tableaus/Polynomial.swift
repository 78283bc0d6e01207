/// A polynomial by its coefficients, from the constant one up.
struct Polynomial: Hashable {
  private(set) var coefficients: [Double]

  init(_ coefficients: [Double]) { self.coefficients = coefficients }

  static func + (a: Polynomial, b: Polynomial) -> Polynomial {
    let count = Swift.max(a.coefficients.count, b.coefficients.count)
    return Polynomial((0..<count).map { a[$0] + b[$0] })
  }

  static func * (a: Polynomial, b: Polynomial) -> Polynomial {
    var product = [Double](repeating: 0, count: a.coefficients.count + b.coefficients.count - 1)
    for (i, x) in a.coefficients.enumerated() {
      for (j, y) in b.coefficients.enumerated() { product[i + j] += x * y }
    }
    return Polynomial(product)
  }

  static func * (factor: Double, a: Polynomial) -> Polynomial {
    Polynomial(a.coefficients.map { factor * $0 })
  }

  /// The coefficient of a power, 0 above the degree.
  subscript(power: Int) -> Double {
    power < coefficients.count ? coefficients[power] : 0
  }

  /// The value at a point.
  func callAsFunction(_ x: Double) -> Double { coefficients.reversed().reduce(0) { $0 * x + $1 } }

  /// The integral from 0.
  var integral: Polynomial {
    Polynomial([0] + coefficients.enumerated().map { $1 / Double($0 + 1) })
  }

  /// The derivative at a point.
  func derivative(_ x: Double) -> Double {
    let slopes = coefficients.enumerated().map { Double($0) * $1 }.dropFirst()
    return slopes.reversed().reduce(0) { $0 * x + $1 }
  }

  /// The polynomial that is 1 at one of some nodes and 0 at the others.
  static func lagrange(_ index: Int, _ nodes: [Double]) -> Polynomial {
    nodes.indices.filter { $0 != index }.reduce(Polynomial([1])) { product, other in
      let scale = 1 / (nodes[index] - nodes[other])
      return product * Polynomial([-nodes[other] * scale, scale])
    }
  }
}
