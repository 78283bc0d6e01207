import Testing
import Thalweg

/// The code of README.md.
@Suite struct ReadmeTests {
  @Test func `a network is trained`() throws {
    // The network is the right-hand side of an ODE; what stands before the closure is trained.
    let field = ODE(Dense(2, 16, seed: 1), Dense(16, 2, seed: 2)) { t, y, a, b in b(tanh(a(y))) }

    // Depth is time. A method of integration turns it into layers.
    var network = Flow(field, over: 0...1, steps: 20, using: RungeKutta(.classic))

    // It learns to turn points of the plane by a right angle.
    let points = Tensor.randomNormal([64, 2], key: 1, dtype: .float32)
    let turned = matmul(points, [[0, 1], [-1, 0]])
    var optimizer = Adam(learningRate: 0.02)
    for _ in 1...100 {
      let (loss, gradient) = try valueAndGradient(at: network) { network in
        mean(square(try network(points) - turned))
      }
      optimizer.update(&network, along: gradient)
      if loss.scalar < 0.01 { break }
    }
    print(try network([[1, 0]]))

    let error = mean(square(try network(points) - turned))
    #expect(error.scalar < 0.01)
    let image = try network([[1, 0]]).values
    #expect(abs(image[0]) < 0.3 && abs(image[1] - 1) < 0.3, "\(image)")
  }

  @Test func `the method is one word`() throws {
    let pendulum = SeparableODE { t, p in
      p
    } force: { t, q in
      -sin(q)
    }
    let start = PhasePoint(q: [1.5], p: [0])

    let euler = Flow(pendulum, over: 0...20, steps: 200, using: RungeKutta(.euler))
    let verlet = Flow(pendulum, over: 0...20, steps: 200, using: Verlet())
    print(try euler(start).q, try verlet(start).q)

    let energies = try [euler(start), verlet(start)].map { (0.5 * square($0.p) - cos($0.q)).scalar }
    let initial = -cos(Tensor(1.5)).scalar
    #expect(energies[0] > 1 && abs(energies[1] - initial) < 5e-3, "\(energies)")
  }
}
