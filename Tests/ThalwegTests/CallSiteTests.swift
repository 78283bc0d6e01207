import Testing
import Thalweg

/// The call sites on which programs outside of the package rely, with the umbrella alone imported.
@Suite struct CallSiteTests {
  struct Populations: VectorSpace {
    var prey: Tensor
    var predators: Tensor
    static let branches = Branches(\Populations.prey, \.predators)
  }

  struct Spring: TensorTree {
    var k: Tensor
    static let branches = Branches(\Spring.k)
  }

  struct Net: TensorTree {
    var first = Dense(4, 8, seed: 1)
    var second = Dense(8, 3, seed: 2)
    static let branches = Branches(\Net.first, \.second)

    func callAsFunction(_ x: Tensor) -> Tensor { second(tanh(first(x))) }
  }

  /// A method of one's own, as short as the documentation promises.
  struct Backwards<Field: Dynamics>: Integrator {
    let order = 1

    func step(
      _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
    ) -> Field.State {
      let guess = y + h * f(t, y)
      return y + h * f(t + h, guess)
    }
  }

  @Test func `dynamics are closures`() throws {
    let (k, c): (Tensor, Tensor) = (4, 0.1)
    let decay = ODE { t, y in -y }
    let oscillator = ODE(k, c) { t, y, k, c in -k * y - c * tanh(y) }
    let neural = ODE(Dense(2, 64, seed: 1), Dense(64, 2, seed: 2)) { t, y, a, b in b(tanh(a(y))) }
    let θ = Spring(k: 2)
    let orbit = SeparableHamiltonian(θ) { p, _ in
      0.5 * sum(p * p)
    } potential: { q, θ in
      θ.k * sum(q * q)
    }
    let lotka = ODE(of: Populations.self) { t, y in
      Populations(
        prey: 1.5 * y.prey - y.prey * y.predators,
        predators: -3 * y.predators + y.prey * y.predators)
    }
    let one: Tensor = [1, 0.5]
    #expect(try Flow(decay, over: 0...1, steps: 10, using: RungeKutta(.classic))(one).shape == [2])
    #expect(try Flow(oscillator, over: 0...1, steps: 10, using: RungeKutta(.euler))(one).count == 2)
    let end = try Flow(neural, over: 0...1, steps: 10, using: RungeKutta(.classic))([[1, 0]])
    #expect(end.shape == [1, 2] && end.dtype == .float32)
    let flow = Flow(orbit, over: 0...1, steps: 20, using: Verlet(), adjoint: ReversibleAdjoint())
    let point = try flow(PhasePoint(q: [1, 0], p: [0, 1]))
    // The force is -4q, so that q = cos 2t.
    #expect(abs(point.q.values[0] - -0.4161468365471424) < 2e-3)
    let populations = try Flow(lotka, over: 0...1, steps: 10, using: RungeKutta(.classic))(
      Populations(prey: 1, predators: 1))
    #expect(populations.prey.scalar > 1)
  }

  @Test func `a network has a field for each step`() throws {
    let layers = (0..<4).map { index in
      SeparableODE(Tensor([0.1 * Double(index)])) { t, p, k in
        k * p
      } force: { t, q, k in
        -k * q
      }
    }
    let resnet = Flow(
      stages: layers, over: 0...3, using: Verlet(), adjoint: ReversibleAdjoint())
    let trajectory = try resnet.trajectory(
      from: PhasePoint(q: [1], p: [0]), at: [0, 0.75, 3])
    #expect(trajectory.states.count == 3 && trajectory.statistics.evaluations > 0)
    #expect(trajectory.states[0].q.scalar == 1)
  }

  @Test func `gradients are trees and optimizers follow them`() throws {
    var flow = Flow(
      ODE(Tensor([0.5, -0.5])) { t, y, w in w * y }, over: 0...1, steps: 10,
      using: RungeKutta(.classic))
    let start: Tensor = [1, 2]
    var losses: [Double] = []
    var optimizer = SGD(learningRate: 0.05)
    for _ in 0..<5 {
      let (loss, gradient) = try valueAndGradient(at: flow) { flow in
        sum(square(try flow(start)))
      }
      optimizer.update(&flow, along: gradient)
      losses.append(loss.scalar)
    }
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func `functions of trees are compiled`() throws {
    let step = compile { (net: Net, image: Tensor, label: Tensor) in
      softmaxCrossEntropy(net(image), label)
    }
    let images = Tensor([Float](repeating: 0.5, count: 8), shape: [2, 4])
    let loss = try step(Net(), images, Tensor([Float(0), 2]))
    #expect(loss.scalar > 0 && loss.scalar < 5)
  }

  @Test func `a method of one's own has exact gradients`() throws {
    let flow = Flow(ODE { t, y in -y }, over: 0...1, steps: 4, using: Backwards())
    let (value, gradient) = try valueAndGradient(at: Tensor([1.0])) { sum(try flow($0)) }
    let factor = 1 - 0.25 * (1 - 0.25)
    let expected = factor * factor * factor * factor
    #expect(abs(value.scalar - expected) < 1e-15 && abs(gradient.scalar - expected) < 1e-15)
  }
}
