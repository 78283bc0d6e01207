import Foundation
import Testing
import Thalweg

/// The code of docs/getting-started.md.
@Suite struct GettingStartedTests {
  @Test func `dynamics are followed`() throws {
    let pendulum = ODE { t, y in [y[1], -sin(y[0]) - 0.2 * y[1]] }
    let swing = Flow(pendulum, over: 0...20, steps: 400, using: RungeKutta(.classic))
    print(try swing([2, 0]))  // nearly at rest

    let times = (0...200).map { 0.1 * Double($0) }
    let path = try swing.trajectory(from: [2, 0], at: times)
    print(path.states.count, path.statistics.evaluations)

    let careful = Flow(
      pendulum, over: 0...20, tolerance: .relative(1e-8, absolute: 1e-8),
      using: EmbeddedRungeKutta(.tsitouras5))
    print(try careful([2, 0]), careful.statistics.accepted)

    func end(_ flow: Flow<some Integrator<ODE<Tensor>>>) throws -> Tensor { try flow([2, 0]) }

    print(try end(swing), try end(careful))
    print(try end(Flow(pendulum, over: 0...20, steps: 400, using: ReversibleHeun())))
    print(try end(Flow(pendulum, over: 0...20, steps: 400, using: Gauss4())))

    let others = try [
      end(Flow(pendulum, over: 0...20, steps: 400, using: ReversibleHeun())),
      end(Flow(pendulum, over: 0...20, steps: 400, using: Gauss4())),
    ]
    let reference = try end(careful).values
    for (other, bound) in zip(others, [1e-2, 1e-5]) {
      #expect(zip(other.values, reference).allSatisfy { abs($0 - $1) < bound }, "\(other)")
    }

    #expect(path.states.count == 201 && path.statistics.evaluations >= 1_600)
    let (few, exact) = (try swing([2, 0]).values, try careful([2, 0]).values)
    #expect(zip(few, exact).allSatisfy { abs($0 - $1) < 1e-5 }, "\(few) \(exact)")
    // Friction takes the square root of e^-0.2 a second: e⁻² of small swings are left after 20.
    #expect(hypot(exact[0], exact[1]) < 2 * Foundation.exp(-2.0) * 1.5)
  }

  @Test func `flows have gradients`() throws {
    let damped = ODE(Tensor(0.2)) { t, y, friction in [y[1], -sin(y[0]) - friction * y[1]] }
    let flow = Flow(damped, over: 0...20, steps: 400, using: RungeKutta(.classic))
    let (angle, gradient) = try valueAndGradient(at: flow) { try $0([2, 0])[0] }
    print(angle, gradient.dynamics.parameters(as: Tensor.self))  // ∂(last angle)/∂(friction)

    func last(_ friction: Double) throws -> Double {
      try flow.replacingLeaves(with: [Tensor(friction)])([2, 0])[0].scalar
    }
    let quotient = try (last(0.2001) - last(0.1999)) / 0.0002
    let slope = gradient.dynamics.parameters(as: Tensor.self).scalar
    #expect(abs(slope - quotient) < 1e-5 * abs(quotient), "\(slope) \(quotient)")
  }

  @Test func `a model is trained and drawn`() throws {
    let folder = NSTemporaryDirectory() + "thalweg-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let states = 4 * Tensor.randomUniform([100, 2], key: 1, dtype: .float32) - 2
    let exact = ODE { t, y in
      concatenate([y.slice(1..<2, along: 1), -sin(y.slice(0..<1, along: 1))], along: 1)
    }
    let later = try Flow(exact, over: 0...0.5, steps: 10, using: RungeKutta(.classic))(states)

    let network = ODE(Dense(2, 32, seed: 1), Dense(32, 2, seed: 2)) { t, y, a, b in b(tanh(a(y))) }
    var model = Flow(network, over: 0...0.5, steps: 10, using: RungeKutta(.classic))
    var optimizer = Adam(learningRate: 0.02)
    var losses: [Double] = []
    for _ in 1...200 {
      let (loss, gradient) = try valueAndGradient(at: model) { model in
        mean(square(try model(states) - later))
      }
      optimizer.update(&model, along: gradient)
      losses.append(loss.scalar)
    }
    print(losses[0], losses[199])

    let update = compile { (model: Flow<RungeKutta<ODE<Tensor>>>, states: Tensor, later: Tensor) in
      try ValueAndGradient(at: model) { model in mean(square(try model(states) - later)) }
    }
    for _ in 1...500 {
      let step = try update(model, states, later)
      optimizer.update(&model, along: step.gradient)
    }
    let last = try update(model, states, later).value.scalar
    #expect(last < losses[199], "\(last)")

    var plot = Plot("Learning to swing", x: "update", y: "loss", scales: (.linear, .logarithmic))
    plot.add("loss", x: losses.indices.map(Double.init), y: losses)
    let pictures = try plot.write(to: "\(folder)/learning")
    print(pictures)  // learning.svg, learning.png; the numbers are in learning.csv

    #expect(losses[199] < 1e-3 && losses[199] < 0.01 * losses[0], "\(losses[0]) \(losses[199])")
    #expect(pictures.allSatisfy(FileManager.default.fileExists(atPath:)))
  }

  @Test func `failures say what to do`() throws {
    let stiff = ODE { t, y in -1_000 * (y - cos(t)) }
    do {
      print(try Flow(stiff, over: 0...20, steps: 200, using: RungeKutta(.euler))([0]))
    } catch {
      print(error.reason, error.time, error.advice)
    }
    let s = try spectrum(of: stiff, at: [0])
    print(s.largestStableStep(under: .euler))  // 0.002
    #expect(abs(s.largestStableStep(under: .euler) - 0.002) < 1e-12)
    #expect(throws: IntegrationError.self) {
      try Flow(stiff, over: 0...20, steps: 200, using: RungeKutta(.euler))([0])
    }
  }
}
