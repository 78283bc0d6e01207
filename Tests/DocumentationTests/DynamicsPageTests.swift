import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// A body on a spring, with the heat that friction makes.
struct SlidingBody: VectorSpace {
  var position: Tensor
  var velocity: Tensor
  var heat: Tensor
  static let branches = Branches(\SlidingBody.position, \.velocity, \.heat)
}

/// Convection in a layer of air.
struct LorenzSystem: Dynamics {
  var rates: Tensor
  static let branches = Branches(\LorenzSystem.rates)

  func callAsFunction(_ t: Tensor, _ s: Tensor) -> Tensor {
    let (x, y, z) = (s[0], s[1], s[2])
    return countingEvaluation([
      rates[0] * (y - x), x * (rates[1] - z) - y, x * y - rates[2] * z,
    ])
  }
}

/// The code of docs/dynamics.md.
@Suite struct DynamicsPageTests {
  @Test func `a closure is followed`() throws {
    let cooling = ODE { t, y in 0.3 * (20 + 5 * sin(t) - y) }
    let flow = Flow(cooling, over: 0...10, steps: 100, using: RungeKutta(.classic))
    print(try flow([80, 5]))  // two bodies at once

    // 20 + a (0.3 sin t - cos t) + (y(0) - 20 + a) e^-0.3t with a = 1.5 / 1.09.
    let a = 1.5 / 1.09
    let wave = 20 + a * (0.3 * Foundation.sin(10.0) - Foundation.cos(10.0))
    let exact = [80, 5].map { wave + ($0 - 20 + a) * Foundation.exp(-3.0) }
    for (found, expected) in zip(try flow([80, 5]).values, exact) {
      expectClose(found, expected, relative: 1e-7)
    }
  }

  @Test func `components are those of each row`() throws {
    let pendulums = ODE { t, y in
      let (angle, velocity) = (y.component(0), y.component(1))
      return stack([velocity, -sin(angle) - 0.2 * velocity], along: -1)
    }
    let both = Flow(pendulums, over: 0...20, steps: 400, using: RungeKutta(.classic))
    print(try both([2, 0]), try both([[2, 0], [0.5, 0]]))  // the first row is the pendulum alone

    let single = Flow(
      ODE { t, y in [y[1], -sin(y[0]) - 0.2 * y[1]] }, over: 0...20, steps: 400,
      using: RungeKutta(.classic))
    let batch = try both([[2, 0], [0.5, 0]])
    expectClose(try both([2, 0]), try single([2, 0]), relative: 1e-13)
    expectClose(batch[0], try single([2, 0]), relative: 1e-13)
    expectClose(batch[1], try single([0.5, 0]), relative: 1e-13)
  }

  @Test func `what stands before the closure is trained`() throws {
    let rate = Tensor(0.3)
    let trained = ODE(rate) { t, y, rate in rate * (20 - y) }
    let constant = ODE { t, y in rate * (20 - y) }
    print(trained.leaves.count, constant.leaves.count)  // 1 0

    let rates = Tensor.ones([2], dtype: .float32)
    let learned = ODE(Dense(2, 16, seed: 1), Dense(16, 2, seed: 2), rates) { t, y, a, b, rates in
      b(tanh(a(y))) - rates * y
    }
    let model = Flow(learned, over: 0...1, steps: 10, using: RungeKutta(.heun))
    let states = Tensor.randomNormal([8, 2], key: 1, dtype: .float32)
    let gradient = try valueAndGradient(at: model) { mean(square(try $0(states))) }.gradient
    let (_, _, slope) = gradient.dynamics.parameters(as: Dense.self, Dense.self, Tensor.self)
    print(slope)  // the derivatives by the rates

    #expect(trained.leaves.count == 1 && constant.leaves.count == 0)
    func loss(_ change: Double) throws -> Double {
      var leaves = model.leaves
      leaves[leaves.count - 1] = Tensor([Float(1 + change), 1])
      return mean(square(try model.replacingLeaves(with: leaves)(states))).scalar
    }
    let quotient = try (loss(0.01) - loss(-0.01)) / 0.02
    expectClose(slope.values[0], quotient, relative: 1e-2)
  }

  @Test func `a state is a tree`() throws {
    let sliding = ODE(of: SlidingBody.self, Tensor(0.1)) { t, y, friction in
      SlidingBody(
        position: y.velocity, velocity: -y.position - friction * y.velocity,
        heat: friction * square(y.velocity))
    }
    let start = SlidingBody(position: [1, 2], velocity: [0, 0], heat: [0, 0])
    let end = try Flow(sliding, over: 0...10, steps: 200, using: RungeKutta(.classic))(start)
    let energy = 0.5 * (square(end.position) + square(end.velocity))
    print((energy + end.heat).values)  // 0.5 and 2: nothing is lost

    expectClose(energy + end.heat, [0.5, 2], relative: 1e-6)
    #expect(end.heat.values[0] > 0.2)
  }

  @Test func `an energy is descended`() throws {
    let valley = GradientFlow { y in sum(0.25 * square(square(y)) - 0.5 * square(y)) }
    let settled = try Flow(valley, over: 0...20, steps: 200, using: RungeKutta(.classic))([0.1, -2])
    print(settled.values)  // 1 and -1, where the energy is least

    expectClose(settled, [1, -1], relative: 1e-7)
  }

  @Test func `dynamics are a type`() throws {
    let weather = Flow(
      LorenzSystem(rates: Tensor([10, 28, 8 / 3.0])), over: 0...1, tolerance: 1e-8,
      using: EmbeddedRungeKutta(.dormandPrince8))
    print(try weather([1, 1, 1]), weather.statistics.evaluations)

    let closure = ODE { t, s in
      let (x, y, z) = (s[0], s[1], s[2])
      return [10 * (y - x), x * (28 - z) - y, x * y - 8 / 3.0 * z]
    }
    let fine = Flow(closure, over: 0...1, steps: 10_000, using: RungeKutta(.classic))
    expectClose(try weather([1, 1, 1]), try fine([1, 1, 1]), relative: 1e-6)
    #expect(weather.statistics.evaluations > 100)
  }

  @Test func `dynamics jump where they are said to`() throws {
    let pushed = ODE { t, y in select(lessThan(t, 1), 1, 0) - y }
    let switched = Flow(
      pushed, over: 0...2, tolerance: 1e-8, using: EmbeddedRungeKutta(.tsitouras5),
      control: StepControl(jumps: [1]))
    print(try switched([0]))  // (1 - e⁻¹) e⁻¹

    let left = Foundation.exp(-1.0)
    expectClose(try switched([0]).scalar, (1 - left) * left, relative: 1e-6)
  }
}
