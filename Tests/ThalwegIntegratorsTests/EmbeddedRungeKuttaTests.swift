import Testing
import Thalweg
import ThalwegTestSupport

/// What a step of a pair says of its error, and of the times between its ends.
@Suite struct EmbeddedRungeKuttaTests {
  private let motion = MovingProblem.field

  private func attempt(
    _ method: EmbeddedRungeKutta<ODE<Tensor>>, by h: Double
  ) -> (
    carry: MovingState<Tensor>, result: StepAttempt<MovingState<Tensor>, Tensor, [Tensor]>
  ) {
    let carry = method.start(motion, at: 0.4, from: MovingProblem.exact(0.4), by: Tensor(h))
    return (carry, method.attempt(motion, at: 0.4, from: carry, by: Tensor(h)))
  }

  @Test(arguments: zip(EmbeddedTableau.all, [0.05, 0.1, 0.1, 0.1, 0.1]))
  func `the estimate falls with its power of the step`(tableau: EmbeddedTableau, h: Double) {
    let method = EmbeddedRungeKutta<ODE<Tensor>>(tableau)
    let found = MovingProblem.power(at: h) { MovingProblem.estimate(of: method, by: $0) }
    #expect(abs(found - Double(tableau.errorOrder)) < 0.15, "\(found)")
  }

  @Test(arguments: zip(EmbeddedTableau.all, [0.1, 0.1, 0.1, 0.2, 0.4]))
  func `values between the ends of a step are of their order`(tableau: EmbeddedTableau, h: Double) {
    let method = EmbeddedRungeKutta<ODE<Tensor>>(tableau)
    let found = MovingProblem.power(at: h) { MovingProblem.denseError(of: method, by: $0) }
    #expect(found > Double(tableau.denseOrder) + 0.9, "\(found)")
  }

  @Test(arguments: EmbeddedTableau.all)
  func `values at the ends of a step are its own`(tableau: EmbeddedTableau) {
    let method = EmbeddedRungeKutta<ODE<Tensor>>(tableau)
    let (carry, result) = attempt(method, by: 0.1)
    for (part, expected) in [(0.0, carry.state), (1, result.next.state)] {
      let value = method.interpolate(
        result.dense, from: carry, to: result.next, at: Tensor(part), by: 0.1)
      expectClose(value, expected, relative: 1e-12)
    }
    let slope = motion(Tensor(0.5), result.next.state)
    expectClose(result.next.slope, slope, relative: 1e-15)
  }

  @Test(arguments: EmbeddedTableau.all)
  func `a step back has an estimate of the same size`(tableau: EmbeddedTableau) {
    let method = EmbeddedRungeKutta<ODE<Tensor>>(tableau)
    let errors = [0.05, -0.05].map { MovingProblem.estimate(of: method, by: $0) }
    #expect(errors[0] > 0 && errors[0] / errors[1] < 4 && errors[1] / errors[0] < 4, "\(errors)")
  }

  /// Where both estimates vanish there is no quotient of them.
  @Test func `a field that stands still has no error`() {
    let rest = ODE { _, y in 0 * y }
    for tableau in EmbeddedTableau.all {
      for dtype in [DType.float64, .float32] {
        let method = EmbeddedRungeKutta<ODE<Tensor>>(tableau)
        let (t, h) = (Tensor([0], shape: [], dtype: dtype), Tensor([0.1], shape: [], dtype: dtype))
        let start = Tensor([1, 2], shape: [2], dtype: dtype)
        let carry = method.start(rest, at: t, from: start, by: h)
        let result = method.attempt(rest, at: t, from: carry, by: h)
        #expect(result.error.values == [0, 0] && result.error.dtype == dtype)
        #expect(result.next.state.values == [1, 2])
      }
    }
  }

  @Test func `the estimates of order 8 are combined as published`() {
    let tableau = EmbeddedTableau.dormandPrince8
    let method = EmbeddedRungeKutta<ODE<Tensor>>(tableau)
    let single = tableau.errors.map { estimate in
      EmbeddedRungeKutta<ODE<Tensor>>(
        EmbeddedTableau(
          name: "single", order: 8, a: tableau.a, b: tableau.b, c: tableau.c, errors: [estimate],
          denseOrder: 7, dense: tableau.dense))
    }
    let errors = single.map { attempt($0, by: 0.5).result.error.values }
    let found = attempt(method, by: 0.5).result.error.values
    for (found, (e, ê)) in zip(found, zip(errors[0], errors[1])) {
      expectClose(abs(found), e * e / (e * e + 0.01 * ê * ê).squareRoot(), relative: 1e-12)
    }
  }

  @Test func `a flow of fixed steps computes no error and reuses slopes`() throws {
    let tableau = EmbeddedTableau.dormandPrince8
    let flow = Flow(motion, over: 0...2, steps: 20, using: EmbeddedRungeKutta(tableau))
    expectClose(try flow([1, 0]), MovingProblem.exact(2), relative: 1e-10)
    #expect(flow.statistics.evaluations == 1 + 20 * 12)
  }
}
