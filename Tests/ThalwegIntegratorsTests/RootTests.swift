import Foundation
import Testing
import Thalweg
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

@Suite struct RootTests {
  static let solvers: [LinearSolver] = [
    .automatic, .direct, .gmres(restart: 30), .gmres(restart: 2), .biCGStab,
  ]

  /// As small as rounding lets errors be.
  private func tight(
    _ linear: LinearSolver = .automatic, samples: NewtonKrylov.Samples = .together
  ) -> NewtonKrylov {
    NewtonKrylov(
      tolerance: 1e-14, linear: linear, derivativeTolerance: 1e-14, samples: samples)
  }

  // MARK: - Values and derivatives

  @Test(arguments: solvers)
  func `the cube root`(_ linear: LinearSolver) throws {
    @Sendable func cubeRoot(_ a: Tensor) -> Tensor {
      root(near: .ones(a.shape, dtype: a.dtype), using: tight(linear)) { z in z * z * z - a }
    }
    let a: Tensor = [0.3, 1, 2, 5]
    expectClose(cubeRoot(a).values, a.values.map { Foundation.cbrt($0) }, relative: 1e-14)
    expectClose(try compile(cubeRoot)(a), cubeRoot(a), relative: 0)
    let slope = gradient(at: a) { sum(cubeRoot($0)) }
    let expected = a.values.map { 1 / (3 * Foundation.pow($0, 2 / 3)) }
    expectClose(slope.values, expected, relative: 1e-13)
    try expectDerivatives(of: cubeRoot, at: a, step: 1e-4)
    let single = cubeRoot(a.to(.float32))
    #expect(single.dtype == .float32)
    // No more than 32 units of rounding are asked for.
    expectClose(single.values, a.values.map { Foundation.cbrt($0) }, relative: 5e-6)
  }

  @Test func `an implicit step of an exponential`() throws {
    func solve(_ x: [Tensor]) -> Tensor {
      root(near: x[0], using: tight()) { z in z + x[1] * exp(z) - x[0] }
    }
    let (y, h) = (Tensor([-1, 0.5, 2]), Tensor(0.7))
    let z = solve([y, h])
    for (z, y) in zip(z.values, y.values) {
      expectClose(z + 0.7 * Foundation.exp(z), y, absolute: 4e-15)
    }
    let gradient = gradient(at: [y, h]) { sum(solve($0)) }
    let steep = z.values.map { 1 + 0.7 * Foundation.exp($0) }
    expectClose(gradient[0].values, steep.map { 1 / $0 }, relative: 1e-14)
    let byStep = zip(z.values, steep).map { -Foundation.exp($0) / $1 }.reduce(0, +)
    expectClose(gradient[1].scalar, byStep, relative: 1e-14)
    // The second derivative by y of a scalar z is -h exp(z) / (1 + h exp(z))³.
    let curvature = ThalwegTensors.gradient(at: y) { y in
      sum(ThalwegTensors.gradient(at: y) { sum(solve([$0, h])) })
    }
    let expected = zip(z.values, steep).map { -0.7 * Foundation.exp($0) / ($1 * $1 * $1) }
    expectClose(curvature.values, expected, relative: 1e-13)
    try expectDerivatives(of: solve, at: [y, h])
  }

  /// A network whose output is fed back: z = tanh(W z + x).
  private struct Loopback: TensorTree {
    var weight: Tensor
    var input: Tensor
    static let branches = Branches(\Loopback.weight, \.input)

    static let sample = Loopback(
      weight: 0.4 * .random([5, 5], seed: 31), input: .random([5], seed: 32))

    func solve(_ solver: NewtonKrylov) -> Tensor {
      root(near: .zeros([5]), using: solver) { z in z - tanh(matmul(weight, z) + input) }
    }
  }

  @Test(arguments: solvers)
  func `a coupled system`(_ linear: LinearSolver) throws {
    let z = Loopback.sample.solve(tight(linear))
    // Iterating the network is the oracle: its weights contract.
    var expected = Tensor.zeros([5])
    for _ in 0..<200 {
      expected = tanh(matmul(Loopback.sample.weight, expected) + Loopback.sample.input)
    }
    expectClose(z, expected, relative: 1e-13)
    try expectDerivatives(of: { $0.solve(tight(linear)) }, at: Loopback.sample)
  }

  @Test func `conjugate gradients serve steps down a gradient`() throws {
    let k = Tensor.random([6, 6], seed: 33)
    func solve(_ x: [Tensor]) -> Tensor {
      root(near: x[0], using: tight(.conjugateGradients)) { z in
        z - x[0] + 0.5 * matmul(x[1].transposed, tanh(matmul(x[1], z)))
      }
    }
    let y = Tensor.random([6], seed: 34)
    let z = solve([y, k])
    let residual = z - y + 0.5 * matmul(k.transposed, tanh(matmul(k, z)))
    #expect(residual.values.allSatisfy { abs($0) < 1e-14 })
    try expectDerivatives(of: solve, at: [y, k])
  }

  private struct Pair: VectorSpace {
    var mass: Tensor
    var speed: Tensor
    static let branches = Branches(\Pair.mass, \.speed)
  }

  @Test(arguments: solvers)
  func `a state of several leaves`(_ linear: LinearSolver) {
    let state = root(
      near: Pair(mass: [1, 1], speed: [[1], [1]]), using: tight(linear)
    ) { z in
      let speed = z.speed.reshaped(to: [2])
      return Pair(
        mass: z.mass * speed - [6, 2], speed: (z.mass + 2 * speed - [8, 5]).reshaped(to: [2, 1]))
    }
    // m s = 6, m + 2 s = 8 and m s = 2, m + 2 s = 5, on the branch where the guess lies.
    #expect(state.speed.shape == [2, 1])
    for (m, (s, (product, total))) in zip(
      state.mass.values, zip(state.speed.values, [(6.0, 8.0), (2.0, 5.0)]))
    {
      expectClose(m * s, product, relative: 1e-14)
      expectClose(m + 2 * s, total, relative: 1e-14)
    }
  }

  @Test func `residuals may work on channels in blocks`() throws {
    let y = Tensor.random([2, 20, 6, 6], seed: 38)
    let w = Tensor.random([20, 20, 3, 3], seed: 39)
    let solver = NewtonKrylov(
      tolerance: 1e-13, linear: .gmres(restart: 20), derivativeTolerance: 1e-13)
    func results(_ layout: PlanLayout) throws -> [Tensor] {
      try PlanLayout.$current.withValue(layout) {
        try compile { (x: [Tensor]) in
          gradient(at: x) { x in
            let z = root(near: x[0], using: solver) { z in
              z - x[0] + 0.02 * transposedConvolution(tanh(convolution(z, x[1])), x[1])
            }
            return sum(sin(z))
          }
        }([y, w])
      }
    }
    for (blocked, plain) in zip(try results(.blocked), try results(.plain)) {
      expectClose(blocked, plain, relative: 1e-11)
    }
  }

  @Test func `a guess has no derivative`() throws {
    let slope = gradient(at: Tensor([1, 2])) { guess in
      sum(root(near: guess, using: tight()) { z in z * z * z - 2 })
    }
    #expect(slope.values == [0, 0])
  }

  // MARK: - Convergence

  private func counts(_ plan: Plan, _ inputs: Tensor...) throws -> RunCounts {
    var counts = RunCounts()
    _ = try plan.program.run(inputs.map(\.storage), counting: &counts)
    return counts
  }

  @Test func `a root is found from where full steps would diverge`() throws {
    // Newton's method for tanh diverges from beyond 1.09.
    let guess: Tensor = [[3], [-2], [1.5]]
    for linear in Self.solvers {
      let z = root(near: guess, using: tight(linear, samples: .independent)) { z in tanh(z) }
      #expect(z.values.allSatisfy { abs($0) < 1e-13 }, "\(linear)")
    }
  }

  @Test func `factors are kept while they serve`() throws {
    let weak = compile { (y: Tensor) in
      root(near: y, using: NewtonKrylov(tolerance: 1e-10)) { z in z - y - 0.01 * sin(z) }
    }
    let y = Tensor.random([20], seed: 35)
    let counts = try counts(try weak.plan(for: y), y)
    #expect(counts.jvps == 20)
    #expect(counts.newtonIterations <= 6 && counts.krylovIterations == 0)
  }

  @Test func `a loose tolerance takes fewer products`() throws {
    func products(_ tolerance: Double) throws -> Int {
      let solver = NewtonKrylov(tolerance: tolerance, linear: .gmres(restart: 60))
      let step = compile { (y: Tensor) in
        root(near: y, using: solver) { z in
          z - y - 20
            * (z.slice(0..<58) - 2 * z.slice(1..<59) + z.slice(2..<60)).padded(
              before: 1, after: 1, along: 0)
            + z * square(z)
        }
      }
      let y = Tensor.random([60], seed: 36)
      return try counts(try step.plan(for: y), y).krylovIterations
    }
    let (loose, close) = (try products(1e-3), try products(1e-10))
    #expect(loose > 0 && Double(loose) < 0.6 * Double(close), "\(loose), \(close)")
  }

  @Test func `a preconditioner saves products`() throws {
    let rates = tabulated([80]) { Foundation.pow(10, Double($0[0] % 6)) }
    func products(_ preconditioner: Preconditioner<Tensor>?) throws -> Int {
      let solver = NewtonKrylov(tolerance: 1e-8, linear: .gmres(restart: 30))
      let step = compile { (y: Tensor) in
        root(near: y, using: solver, preconditioner: preconditioner) { z in
          z - y + rates * (z + 0.1 * z * z * z)
        }
      }
      let y = Tensor.random([80], seed: 37)
      let slope = gradient(at: y) { sum(try! step($0)) }
      let z = try step(y)
      let expected = 1 / (1 + rates * (1 + 0.3 * z * z))
      expectClose(slope, expected, relative: 1e-7)
      return try counts(try step.plan(for: y), y).krylovIterations
    }
    let plain = try products(nil)
    let helped = try products(
      Preconditioner { z, v in v / (1 + rates * (1 + 0.3 * z * z)) })
    #expect(helped * 3 < plain, "\(helped), \(plain)")
  }

  @Test func `small unknowns are found as well as an absolute tolerance asks`() throws {
    let y = Tensor([1, 1e-7])
    let solver = NewtonKrylov(tolerance: 1e-6, absoluteTolerance: 1e-14)
    let z = root(near: y, using: solver) { z in z + 0.1 * z * z - y }
    let expected = y.values.map { 2 * $0 / (1 + (1 + 0.4 * $0).squareRoot()) }
    for (z, expected) in zip(z.values, expected) { expectClose(z, expected, relative: 1e-6) }
  }
}
