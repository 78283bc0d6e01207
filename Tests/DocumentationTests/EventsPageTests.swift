import Testing
import Thalweg
import ThalwegTestSupport

/// A ball above the ground.
struct Falling: VectorSpace {
  var height: Tensor
  var velocity: Tensor
  static let branches = Branches(\Falling.height, \.velocity)
}

/// The code of docs/events.md.
@Suite struct EventsPageTests {
  @Test func `a ball lands, bounces, and is differentiated`() throws {
    let start = Falling(height: Tensor([1.5], shape: []), velocity: Tensor([2], shape: []))
    let restitution = Tensor([0.8], shape: [])
    let fall = ODE(of: Falling.self, Tensor([9.81], shape: [])) { t, ball, g in
      Falling(height: ball.velocity, velocity: -g + 0 * ball.height)
    }
    let ground = Event<Falling>("ground", .falling) { t, ball in ball.height }
    let flow = Flow(
      fall, from: 0, to: 10, tolerance: 1e-9, using: EmbeddedRungeKutta(.tsitouras5),
      events: [ground])
    let landing = try flow.landing(from: start)
    print(landing.time.scalar, landing.state.velocity.scalar)
    print(landing.occurrences[0].eventNames)  // ["ground"]
    print(try flow(start).velocity.scalar)  // the same state, without the time

    let speed = (4 + 2 * 9.81 * 1.5).squareRoot()
    expectClose(landing.time.scalar, (2 + speed) / 9.81)
    expectClose(landing.state.velocity.scalar, -speed)
    #expect(landing.occurrences[0].eventNames == ["ground"])
    #expect(try flow(start).velocity.values == landing.state.velocity.values)

    let bounce = ground.apply(restitution) { t, ball, e in
      Falling(height: ball.height, velocity: -e * ball.velocity)
    }
    let bouncing = Flow(
      fall, from: 0, to: 3.8, tolerance: 1e-9, using: EmbeddedRungeKutta(.tsitouras5),
      events: [bounce])
    let bounces = try bouncing.landing(from: start)
    print(bounces.occurrences.map(\.time.scalar))
    print(bounces.occurrences.map(\.after.velocity.scalar))

    let speeds = [0.8, 0.64, 0.512, 0.4096, 0.32768].map { $0 * speed }
    expectClose(bounces.occurrences.map(\.after.velocity.scalar), speeds, relative: 1e-12)

    let trajectory = try bouncing.trajectory(from: start, at: [0.5, 2, 3.8])
    print(trajectory.states.map(\.height.scalar))

    expectClose(trajectory.states[0].height.scalar, 1.5 + 1 - 0.125 * 9.81)
    #expect(trajectory.states[2].height.values == bounces.state.height.values)

    let gradient = try valueAndGradient(at: bouncing) { flow in
      try flow.landing(from: start).occurrences[3].time
    }.gradient
    let ofRestitution = gradient.events[0].parametersOfChange(as: Tensor.self)
    let ofGravity = gradient.dynamics.parameters(as: Tensor.self)
    print(ofRestitution.scalar, ofGravity.scalar)

    // t = (v + u (1 + 2e + 2e² + 2e³)) / g, u = √(v² + 2 g h)
    let e = 0.8
    expectClose(
      ofRestitution.scalar, speed * (2 + 4 * e + 6 * e * e) / 9.81, relative: 1e-11)
    let factor = 1 + 2 * e + 2 * e * e + 2 * e * e * e
    let wanted = factor * 1.5 / speed / 9.81 - (2 + speed * factor) / (9.81 * 9.81)
    expectClose(ofGravity.scalar, wanted, relative: 1e-11)
  }
}
