import Testing
import ThalwegTensors

/// Powers where their derivatives are at an edge.
@Suite struct PowerTests {
  /// The value of a function and its derivatives up to an order.
  private func derivatives(
    _ order: Int, at x: Double, of function: @escaping (Tensor) -> Tensor
  ) -> [Double] {
    var (values, current) = ([function(Tensor(x)).scalar], function)
    for _ in 0..<order {
      let last = current
      current = { jvp(at: $0, along: Tensor(1.0), last).derivative }
      values.append(current(Tensor(x)).scalar)
    }
    return values
  }

  @Test func `whole powers have all derivatives at 0`() {
    #expect(derivatives(4, at: 0) { pow($0, 2) } == [0, 0, 2, 0, 0])
    #expect(derivatives(4, at: 0) { pow($0, 3) } == [0, 0, 0, 6, 0])
    #expect(derivatives(2, at: 0) { pow($0, 1) } == [0, 1, 0])
    #expect(derivatives(2, at: 0) { pow($0, 0) } == [1, 0, 0])
    #expect(derivatives(3, at: -2) { pow($0, 2) } == [4, -4, 2, 0])
    // The exponent may be the result of a computation.
    let cubed = derivatives(4, at: 0) { pow($0, $0 * 0 + 2) }
    #expect(cubed == [0, 0, 2, 0, 0], "\(cubed)")
  }

  @Test func `mixed derivatives are the same in both orders`() {
    // d/de d/db bᵉ = bᵉ⁻¹ (1 + e ln b)
    for (b, e, expected) in [
      (2.0, 0.0, 0.5), (2, 1, 1 + 0.6931471805599453), (0.25, -1, 38.1807097776),
    ] {
      let (one, base, exponent) = (Tensor(1.0), Tensor(b), Tensor(e))
      let byBase = jvp(at: exponent, along: one) { e in
        jvp(at: base, along: one) { pow($0, e) }.derivative
      }.derivative.scalar
      let byExponent = jvp(at: base, along: one) { b in
        jvp(at: exponent, along: one) { pow(b, $0) }.derivative
      }.derivative.scalar
      #expect(abs(byBase - expected) < 1e-9 && abs(byExponent - expected) < 1e-9, "\(b)^\(e)")
    }
    #expect(gradient(at: Tensor(Double.infinity)) { pow($0, 0) }.scalar == 0)
  }

  @Test func `powers of 0 do not depend on a power that is not negative`() {
    for exponent in [0, 0.5, 1, 3] {
      let change = jvp(at: Tensor(exponent), along: Tensor(1.0)) { pow(Tensor(0.0), $0) }.derivative
      #expect(change.scalar == 0, "\(exponent)")
    }
    let change = gradient(at: Tensor(0.5)) { pow(Tensor(4.0), $0) }
    #expect(abs(change.scalar - 2 * 1.3862943611198906) < 1e-15)
  }
}
