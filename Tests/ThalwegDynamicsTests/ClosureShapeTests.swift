import Testing
import Thalweg

private struct Body: VectorSpace {
  var position: Tensor
  var speed: Tensor
  static let branches = Branches(\Body.position, \.speed)
}

private func expectMessage(
  _ text: String, from result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation
) {
  let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(output.contains(text), "\(output)", sourceLocation: sourceLocation)
}

/// What a closure returns has the shape of the state: nothing is broadcast to it.
@Suite struct ClosureShapeTests {
  @Test func `a number for a vector is no derivative`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let flow = Flow(ODE { t, y in sum(y) }, over: 0...1, steps: 10, using: RungeKutta(.classic))
      _ = try flow([2, 1])
    }
    expectMessage("dynamics: the closure returns shape [] for a state of shape [2]", from: result)
  }

  @Test func `nor are too many numbers`() async {
    let steps = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let field = ODE { t, y in [y[1], -y[0], y[0]] }
      _ = try Flow(field, over: 0...1, steps: 10, using: RungeKutta(.classic))([2, 1])
    }
    expectMessage("dynamics: the closure returns shape [3] for a state of shape [2]", from: steps)
    let tolerance = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let field = ODE { t, y in [y[1], -y[0], y[0]] }
      let method = EmbeddedRungeKutta<ODE<Tensor>>(.tsitouras5)
      _ = try Flow(field, over: 0...1, tolerance: 1e-6, using: method)([2, 1])
    }
    expectMessage("the closure returns shape [3] for a state of shape [2]", from: tolerance)
  }

  @Test func `the leaf of a tree is named`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let field = ODE(of: Body.self) { t, y in Body(position: y.speed, speed: -1) }
      let start = Body(position: [1, 2], speed: [0, 0])
      _ = try Flow(field, over: 0...1, steps: 10, using: RungeKutta(.classic))(start)
    }
    expectMessage(
      "the closure returns shape [] for speed for a state of shape [2]", from: result)
    let lists = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = ODE(of: [Tensor].self) { t, y in [y[0], y[1], y[0]] }(0, [1, 2]) }
    expectMessage("the closure returns 3 tensors for a state of 2", from: lists)
  }

  @Test func `both closures of separable dynamics`() async {
    let velocity = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let field = SeparableODE { t, p in
        1
      } force: { t, q in
        -q
      }
      _ = try Flow(field, over: 0...1, steps: 2, using: Verlet())(
        PhasePoint(q: [1, 2], p: [0, 0]))
    }
    expectMessage(
      "the closure of velocities returns shape [] for a momentum of shape [2]", from: velocity)
    let force = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let field = SeparableODE { t, p in
        p
      } force: { t, q in
        sum(q)
      }
      _ = try Flow(field, over: 0...1, steps: 2, using: Verlet())(
        PhasePoint(q: [1, 2], p: [0, 0]))
    }
    expectMessage(
      "the closure of forces returns shape [] for a position of shape [2]", from: force)
  }

  @Test func `second order and parts of a sum`() async {
    let second = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let field = SecondOrderODE { t, y in sum(y) }
      _ = try Flow(field, over: 0...1, steps: 2, using: Leapfrog())([1, 2])
    }
    expectMessage("the closure returns shape [] for a state of shape [2]", from: second)
    let split = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let field = Split(explicit: ODE { t, y in 1 }, implicit: ODE { t, y in -y })
      _ = try Flow(field, over: 0...1, steps: 2, using: RungeKutta(.classic))([1, 2])
    }
    expectMessage("the closure returns shape [] for a state of shape [2]", from: split)
  }
}
