import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// How far exact arithmetic reaches, what it says beyond, and how far rounding leads astray.
@Suite struct ExactRangeTests {
  private static let free = SeparableODE { _, p in
    p
  } force: { _, q in
    0 * q
  }

  /// One component leaves the range after a number of steps that is known.
  @Test(arguments: [2, 5_000])
  func `leaving the grid is an error with place and value`(count: Int) throws {
    for (dtype, significand) in [(DType.float32, 24), (.float64, 53)] {
      let limit = Double(sign: .plus, exponent: significand - 4, significand: 1)
      var speeds = [Double](repeating: 0, count: count)
      speeds[count - 1] = -limit / 8
      let flow = Flow(
        Self.free, over: 0...100, steps: 100, using: Verlet(arithmetic: .exact(bits: 4)))
      let start = PhasePoint(
        q: .zeros([count], dtype: dtype), p: Tensor(speeds, shape: [count], dtype: dtype))
      let error = #expect(throws: IntegrationError.self) { try flow(start) }
      #expect(
        error?.reason
          == .gridOverflow(component: "q[\(count - 1)]", value: -limit, limit: limit))
      #expect(error?.step == 8 && error?.time == 8 && error?.stepSize == 1)
      #expect(error?.advice.contains("Arithmetic.exact(bits:)") == true)
      #expect(error?.description.contains("became \(-limit)") == true)
      // A coarser grid reaches further.
      let mended = Flow(
        Self.free, over: 0...100, steps: 100, using: Verlet(arithmetic: .exact(bits: 0)))
      #expect(try mended(start).q.values.last == -12.5 * limit)
    }
  }

  @Test func `a sum within a step that leaves the grid is noticed`() throws {
    // Two kicks that cancel.
    let limit = 0x1p13
    let field = SeparableODE { _, p in
      0 * p
    } force: { t, q in
      0 * q + 3 * limit * (1 - 2 * t)
    }
    let flow = Flow(field, over: 0...1, steps: 1, using: Verlet(arithmetic: .exact))
    let error = #expect(throws: IntegrationError.self) { try flow(PhasePoint(q: [0], p: [0.5])) }
    #expect(
      error?.reason == .gridOverflow(component: "p[0]", value: 1.5 * limit + 0.5, limit: limit))
    let floating = Flow(field, over: 0...1, steps: 1, using: Verlet())
    #expect(try floating(PhasePoint(q: [0], p: [0.5])).p.values == [0.5])
  }

  @Test func `an initial value beyond the grid is noticed`() throws {
    let flow = Flow(Self.free, over: 0...1, steps: 3, using: SymplecticEuler(arithmetic: .exact))
    let error = #expect(throws: IntegrationError.self) { try flow(PhasePoint(q: [1e5], p: [0])) }
    #expect(error?.reason == .gridOverflow(component: "q[0]", value: 1e5, limit: 8192))
    let leapfrog = Flow(
      SecondOrderODE { _, y in 0 * y }, over: 0...1, steps: 3, using: Leapfrog(arithmetic: .exact))
    #expect(throws: IntegrationError.self) { try leapfrog([-2048]) }
    #expect(throws: Never.self) { try leapfrog([2047]) }
  }

  @Test func `numbers that are not finite are told apart`() throws {
    let field = SeparableODE { _, p in
      p
    } force: { _, q in
      sqrt(q)
    }
    let flow = Flow(field, over: 0...1, steps: 3, using: Verlet(arithmetic: .exact))
    let error = #expect(throws: IntegrationError.self) { try flow(PhasePoint(q: [-1], p: [0])) }
    guard case .nonFiniteState(_, let value)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(value.isNaN)
  }

  /// Dynamics that are not the same function when they are evaluated again.
  @Test func `an increment that does not come back is an error`() throws {
    let flow = Flow(
      Self.free, over: 0...1, steps: 10, using: Sloppy(), adjoint: ReversibleAdjoint())
    let start = PhasePoint(q: Tensor([0.25]), p: Tensor([1.0]))
    let error = #expect(throws: IntegrationError.self) {
      try valueAndGradient(at: start) { sum(try flow($0).q) }
    }
    guard case .reconstruction(let value, 0)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(value > 0 && value < 1e-10)
    #expect(error?.advice.contains("same bits") == true)
  }

  /// Verlet whose way back misses by a point of the grid.
  private struct Sloppy: ReversibleIntegrator {
    typealias Field = SeparableODE
    let order = 1
    let arithmetic = Arithmetic.exact

    func step(_ f: SeparableODE, at t: Tensor, from y: PhasePoint, by h: Tensor) -> PhasePoint {
      PhasePoint(q: arithmetic.moved(y.q, by: h * y.p), p: y.p)
    }

    func unstep(_ f: SeparableODE, at t: Tensor, from y: PhasePoint, by h: Tensor) -> PhasePoint {
      PhasePoint(q: arithmetic.movedBack(y.q, by: h * y.p + 0x1p-40), p: y.p)
    }
  }

  @Test(arguments: [6, 12, 20])
  func `rounding leads astray no further than half a point for each sum`(bits: Int) throws {
    let (steps, unit) = (1_000, Double(sign: .plus, exponent: -bits, significand: 1))
    // A force that does not depend on the position: nothing is amplified but speed by time.
    let field = SeparableODE { _, p in
      0.3 * p
    } force: { t, q in
      0 * q + cos(t)
    }
    let start = PhasePoint(q: Tensor([0.1, -3]), p: Tensor([0.7, 0.2]))
    let exact = try Flow(
      field, over: 0...10, steps: steps, using: Verlet(arithmetic: .exact(bits: bits)))(start)
    let plain = try Flow(field, over: 0...10, steps: steps, using: Verlet())(start)
    // Two sums a step for p and one for q, and one rounding at the start.
    let errorOfP = Double(2 * steps + 1) * unit / 2
    let errorOfQ = Double(steps + 1) * unit / 2 + 0.3 * 10 * errorOfP
    expectClose(exact.p.values, plain.p.values, relative: 1e-12, absolute: errorOfP)
    expectClose(exact.q.values, plain.q.values, relative: 1e-12, absolute: errorOfQ)
    #expect(exact.p.values != plain.p.values)
    #expect(exact.p.values.allSatisfy { ($0 / unit).rounded() * unit == $0 })
  }

  @Test func `gradients are those of the method that does not round`() throws {
    let pendulum = SeparableODE(Tensor([1.3])) { _, p, _ in
      p
    } force: { _, q, k in
      -k * sin(q)
    }
    let start = PhasePoint(q: Tensor([1, -2]), p: Tensor([0.5, 0]))
    func gradient(_ method: Verlet<SeparableODE>) throws -> [Double] {
      let flow = Flow(pendulum, over: 0...5, steps: 100, using: method)
      return try valueAndGradient(at: FlowProblem(flow, from: start)) { try $0.loss }.gradient
        .leaves.flatMap(\.values)
    }
    let plain = try gradient(Verlet())
    // On a finer grid the states are closer, and the gradients with them.
    expectClose(try gradient(Verlet(arithmetic: .exact)), plain, relative: 1e-9)
    let error = relativeError(try gradient(Verlet(arithmetic: .exact(bits: 16))), plain)
    #expect(error > 1e-7 && error < 1e-2)
  }
}
