import Foundation

/// Steps of controlled size by the pair of Bogacki and Shampine, in plain numbers.
struct PlainWalk {
  var relative: Double
  var absolute: Double
  /// P, I and D.
  var law = (0.0, 1.0, 0.0)
  var firstStep: Double?
  var stops: [Double] = []

  struct Result {
    var times: [Double]
    var states: [[Double]]
    var rejected = 0
  }

  typealias Field = (Double, [Double]) -> [Double]

  func callAsFunction(_ f: Field, from y₀: [Double], over span: (Double, Double)) -> Result {
    let direction = span.1 < span.0 ? -1.0 : 1.0
    var (t, y) = (span.0, y₀)
    var slope = f(t, y)
    var result = Result(times: [t], states: [y])
    var h = direction * (firstStep ?? guess(f, y, slope, span))
    var errors = [1.0, 1.0]
    var wasRejected = false
    var targets = stops + [span.1]
    while let target = targets.first {
      let room = target - t
      let isLast = abs(h) * 1.01 >= abs(room)
      let size = isLast ? room : h
      let (next, nextSlope, error) = step(f, t, y, slope, size)
      guard error <= 1 else {
        result.rejected += 1
        h = size * min(1, max(0.2, 0.9 * pow(error, -1.0 / 3)))
        wasRejected = true
        continue
      }
      t = isLast ? target : t + size
      if isLast { targets.removeFirst() }
      (y, slope) = (next, nextSlope)
      result.times.append(t)
      result.states.append(y)
      let wanted = h
      h = size * factor(error, errors, wasRejected)
      if isLast, abs(wanted) > abs(h) { h = wanted }
      errors = [max(error, 1e-4), errors[0]]
      wasRejected = false
    }
    return result
  }

  private func factor(_ error: Double, _ earlier: [Double], _ wasRejected: Bool) -> Double {
    let (p, i, d) = law
    let factor =
      0.9 * pow(error, -(p + i + d) / 3) * pow(earlier[0], (p + 2 * d) / 3)
      * pow(earlier[1], -d / 3)
    return min(wasRejected ? 1 : 10, max(0.2, factor))
  }

  private func step(
    _ f: Field, _ t: Double, _ y: [Double], _ k₁: [Double], _ h: Double
  ) -> (next: [Double], slope: [Double], error: Double) {
    let k₂ = f(t + h / 2, zip(y, k₁).map { $0 + h / 2 * $1 })
    let k₃ = f(t + 0.75 * h, zip(y, k₂).map { $0 + 0.75 * h * $1 })
    let next = y.indices.map { y[$0] + h * (2 * k₁[$0] + 3 * k₂[$0] + 4 * k₃[$0]) / 9 }
    let k₄ = f(t + h, next)
    let squares = y.indices.map { i in
      let error = h * (-5 * k₁[i] / 72 + k₂[i] / 12 + k₃[i] / 9 - k₄[i] / 8)
      return square(error / (absolute + relative * max(abs(y[i]), abs(next[i]))))
    }
    return (next, k₄, (squares.reduce(0, +) / Double(y.count)).squareRoot())
  }

  /// The starting step of Hairer, Nørsett and Wanner.
  private func guess(
    _ f: Field, _ y: [Double], _ slope: [Double], _ span: (Double, Double)
  ) -> Double {
    func norm(_ x: [Double]) -> Double {
      let squares = zip(x, y).map { square($0 / (absolute + relative * abs($1))) }
      return (squares.reduce(0, +) / Double(y.count)).squareRoot()
    }
    let direction = span.1 < span.0 ? -1.0 : 1.0
    let (size, speed) = (norm(y), norm(slope))
    let small = size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed
    let h₀ = min(small, abs(span.1 - span.0))
    let other = f(span.0 + direction * h₀, zip(y, slope).map { $0 + direction * h₀ * $1 })
    let change = norm(zip(other, slope).map { $0 - $1 }) / h₀
    let largest = max(speed, change)
    let h₁ = largest <= 1e-15 ? max(1e-6, 1e-3 * h₀) : pow(0.01 / largest, 1.0 / 3)
    return min(100 * h₀, h₁)
  }

  private func square(_ x: Double) -> Double { x * x }
}
