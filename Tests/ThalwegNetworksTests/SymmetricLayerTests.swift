import Testing
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct SymmetricLayerTests {
  private let shape: Shape = [1, 2, 4, 4]

  private func layer(_ activation: Activation = .tanh, seed: UInt64 = 1) -> SymmetricLayer {
    let layer = SymmetricLayer(2, activation: activation, gain: 2, seed: seed, dtype: .float64)
    return layer.replacingLeaves(with: [layer.kernel, .random([2], seed: seed + 1)])
  }

  /// The columns of the Jacobian at a point.
  private func jacobian(_ layer: SymmetricLayer, at y: Tensor) -> [[Double]] {
    (0..<y.count).map { column in
      let unit = Tensor((0..<y.count).map { $0 == column ? 1 : 0 }, shape: y.shape)
      return jvp(at: y, along: unit) { layer($0) }.derivative.values
    }
  }

  @Test func `the output is minus the transpose of the activation of the convolution`() {
    let (layer, y, w) = (layer(), Tensor.random(shape, seed: 3), Tensor.random(shape, seed: 4))
    let bias = layer.leaves[1].reshaped(to: [2, 1, 1])
    // ⟨w, F(y)⟩ = -⟨K w, σ(K y + b)⟩ defines the transpose.
    let expected =
      -sum(convolution(w, layer.kernel) * tanh(convolution(y, layer.kernel) + bias))
    expectClose(sum(w * layer(y)), expected)
  }

  @Test(arguments: [Activation.tanh, .softplus, .sigmoid, .relu])
  func `the Jacobian is symmetric and negative semidefinite`(_ activation: Activation) {
    let layer = layer(activation)
    let matrix = jacobian(layer, at: .random(shape, seed: 5))
    let largest = matrix.joined().map(\.magnitude).max() ?? 0
    #expect(largest > 0.01)
    for (i, j) in indices(of: [32, 32]).map({ ($0[0], $0[1]) }) {
      #expect((matrix[i][j] - matrix[j][i]).magnitude < 1e-14 * largest * 32)
    }
    for seed in 1...20 {
      let v = Tensor.random([32], seed: UInt64(seed)).values
      let product = (0..<32).map { i in zip(matrix[i], v).map(*).reduce(0, +) }
      #expect(zip(v, product).map(*).reduce(0, +) <= 1e-14)
    }
  }

  /// The norm of the convolution by power iteration.
  private func norm(_ kernel: Tensor, _ shape: Shape) -> (value: Double, vector: Tensor) {
    var v = Tensor.random(shape, seed: 6)
    var value = 0.0
    for _ in 0..<400 {
      let w = transposedConvolution(convolution(v, kernel), kernel)
      value = sum(w * w).scalar.squareRoot()
      v = w / Tensor(value)
    }
    return (value.squareRoot(), v)
  }

  @Test(arguments: [8, 16, 32])
  func `the initial norm is close to the gain`(channels: Int) {
    let layer = SymmetricLayer(channels, gain: 1.5, seed: 7, dtype: .float64)
    let value = norm(layer.kernel, [1, channels, 8, 8]).value
    // Random matrices of finite size stay below the limit, and some taps meet no pixel.
    #expect(value > 0.75 * 1.5 && value < 1.1 * 1.5)
  }

  @Test(arguments: [Activation.tanh, .relu])
  func `forward Euler does not move solutions apart up to the bound`(_ activation: Activation) {
    let layer = layer(activation)
    let h = 2 / (norm(layer.kernel, shape).value * norm(layer.kernel, shape).value)
    for seed in 1...50 {
      let y = Tensor.random(shape, seed: UInt64(seed))
      let z = y + 0.3 * Tensor.random(shape, seed: UInt64(seed + 100))
      let (before, after) = (y - z, (y + h * layer(y)) - (z + h * layer(z)))
      #expect(sum(after * after).scalar <= sum(before * before).scalar * (1 + 1e-12))
    }
  }

  @Test func `forward Euler moves solutions apart beyond the bound`() {
    let layer = SymmetricLayer(2, activation: .tanh, bias: false, seed: 1, dtype: .float64)
    let (value, vector) = norm(layer.kernel, shape)
    // Near 0 tanh is the identity, and the longest direction is multiplied by 1 - h ‖K‖² = -1.2.
    let y = 1e-4 * vector
    let after = y + Tensor(2.2 / (value * value)) * layer(y)
    expectClose(sum(after * after).scalar / sum(y * y).scalar, 1.44, relative: 1e-6)
  }

  @Test func `normalisation stands between convolution and bias`() {
    let plain = layer()
    let layer = SymmetricLayer(
      2, activation: .tanh, normalization: .instance, seed: 1, dtype: .float64
    ).replacingLeaves(with: plain.leaves)
    let y = Tensor.random(shape, seed: 8)
    let z = InstanceNormalization()(convolution(y, plain.kernel))
    expectClose(
      layer(y),
      -transposedConvolution(tanh(z + plain.leaves[1].reshaped(to: [2, 1, 1])), plain.kernel))
  }
}

/// The published discretisations of the three kinds of dynamics.
@Suite struct SymmetricDynamicsTests {
  private let y = Tensor.random([1, 2, 4, 4], seed: 1)
  private let z = Tensor.random([1, 2, 4, 4], seed: 2)
  private let first = SymmetricLayer(2, seed: 3, dtype: .float64)
  private let second = SymmetricLayer(2, seed: 4, dtype: .float64)

  @Test func `a parabolic step is forward Euler`() {
    let step = RungeKutta(.euler).step(ParabolicDynamics(first), at: 0, from: y, by: 0.5)
    expectClose(step, y + 0.5 * first(y))
  }

  @Test func `a Hamiltonian step moves Y by F₁(Z) and then Z by -F₂(Y)`() {
    let end = SymplecticEuler(.driftKick).step(
      HamiltonianDynamics(first, second), at: 0, from: PhasePoint(q: y, p: z), by: 0.5)
    let q = y + 0.5 * first(z)
    expectClose(end.q, q)
    expectClose(end.p, z - 0.5 * second(q))
  }

  @Test func `a second-order network begins with two equal states`() {
    let dynamics = SecondOrderSymmetricDynamics(first)
    let method = Leapfrog<SecondOrderSymmetricDynamics>()
    let start = method.start(dynamics, at: 0, from: y, by: 0.5)
    let one = method.step(dynamics, at: 0, from: start, by: 0.5)
    let two = method.step(dynamics, at: 0.5, from: one, by: 0.5)
    let expected = y + 0.25 * first(y)
    expectClose(one.current, expected)
    expectClose(two.current, 2 * expected - y + 0.25 * first(expected))
  }
}
