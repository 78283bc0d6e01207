import Testing
import Thalweg
import ThalwegTestSupport

struct Populations: VectorSpace {
  var prey: Tensor
  var predators: Tensor
  static let branches = Branches(\Populations.prey, \.predators)
}

/// The code of docs/architecture.md, from the dynamics on.
@Suite struct FlowsOfTheTourTests {
  @Test func `dynamics are closures`() throws {
    let decay = ODE { t, y in -y }
    let oscillator = ODE(Tensor(4), Tensor(0.1)) { t, y, k, c in -k * y - c * tanh(y) }
    let neural = ODE(Dense(2, 64), Dense(64, 2)) { t, y, a, b in b(tanh(a(y))) }
    let pendulum = SeparableODE { t, p in
      p
    } force: { t, q in
      -sin(q)
    }
    let orbit = SeparableHamiltonian { p in
      0.5 * sum(p * p)
    } potential: { q in
      -1 / sqrt(sum(q * q))
    }
    let wave = SecondOrderODE(Tensor.ones([3, 3])) { t, y, k in
      -matmul(k.transposed, tanh(matmul(k, y)))
    }
    let lotka = ODE(of: Populations.self) { t, y in
      Populations(
        prey: 1.5 * y.prey - y.prey * y.predators,
        predators: -3 * y.predators + y.prey * y.predators)
    }

    #expect(decay(0, [2]).values == [-2])
    expectClose(oscillator(0, [1]).scalar, -4 - 0.1 * tanh(Tensor(1)).scalar)
    #expect(neural(0, [[1, 0]]).shape == [1, 2])
    #expect(pendulum(0, PhasePoint(q: [0], p: [1])).q.values == [1])
    expectClose(orbit.force(0, [2, 0]), [-0.25, 0])
    expectClose(wave.acceleration(0, [0, 0, 0]), [0, 0, 0])
    #expect(lotka(0, Populations(prey: 1, predators: 1)).predators.scalar == -2)
  }

  @Test func `a flow is called, sampled and differentiated`() throws {
    let field = ODE(Tensor(2)) { t, y, k in -k * y }
    let flow = Flow(field, over: 0...1, steps: 10, using: RungeKutta(.classic))
    let end = try flow([1])
    let path = try flow.trajectory(from: [1], at: [0, 0.25, 1])
    print(end.scalar, path.states.map(\.scalar), flow.statistics.evaluations)

    let (loss, gradient) = try valueAndGradient(at: flow) { flow in sum(square(try flow([1]))) }
    let slope = gradient.dynamics.parameters(as: Tensor.self)
    print(loss.scalar, slope.scalar)  // e⁻⁴, -2 e⁻⁴

    expectClose(end.scalar, 0.1353352832366127, relative: 1e-4)
    expectClose(
      path.states.map(\.scalar), [1, 0.6065306597126334, 0.1353352832366127], relative: 1e-4)
    #expect(flow.statistics.evaluations >= 40)
    expectClose(loss.scalar, 0.01831563888873418, relative: 1e-3)
    expectClose(slope.scalar, -2 * 0.01831563888873418, relative: 1e-3)
  }

  @Test func `a flow that fails says where and why`() throws {
    let explosion = Flow(
      ODE { t, y in y * y }, over: 0...2, steps: 100, using: RungeKutta(.classic))
    do {
      print(try explosion([1]))
    } catch {
      print(error.step, error.time, error.reason, error.advice)
    }

    let error = try #require(throws: IntegrationError.self) { try explosion([1]) }
    guard case .nonFiniteState(component: "value[0]", _) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(error.time > 1 && error.time < 1.2)
  }

  @Test func `a layer has its own parameters in each step`() throws {
    let stages = (0..<8).map { step in
      HamiltonianDynamics(
        SymmetricLayer(8, seed: UInt64(step)), SymmetricLayer(8, seed: UInt64(step + 8)))
    }
    let block = Flow(stages: stages, over: 0...2, using: Verlet(), adjoint: ReversibleAdjoint())
    let net = Sequential(
      Conv2D(1, 16, seed: 1), HalvedFlow(block), GlobalAverage(), Dense(16, 10, seed: 2))
    print(net(Tensor.zeros([5, 1, 8, 8], dtype: .float32)).shape)  // [5, 10]

    #expect(net(Tensor.zeros([5, 1, 8, 8], dtype: .float32)).shape == [5, 10])
    #expect(block.steps == 8 && net.leaves.count == 2 + 8 * 4 + 2)
  }

  @Test func `a classifier is trained`() throws {
    let digits = Dataset.optdigits
    let net = Sequential(Flatten(), Dense(64, 10, seed: 1))
    let options = TrainingOptions(epochs: 2, batchSize: 64, learningRate: 0.02)
    var trainer = Trainer(net, Adam(learningRate: 0.02), options)
    try trainer.train(on: digits.training)
    print(try trainer.evaluate(on: digits.test).accuracy)

    #expect(try trainer.evaluate(on: digits.test).accuracy > 0.9)
  }
}
