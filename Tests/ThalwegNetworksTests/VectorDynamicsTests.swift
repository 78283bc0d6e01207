import Testing
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct VectorDynamicsTests {
  @Test func `the published recursion is symplectic Euler from rest`() throws {
    // z ← z - h σ(Kᵀ y + b), y ← y + h σ(K z + b), element by element.
    let (n, h) = (2, 0.3)
    var random = SplitMix64(seed: 3)
    let stages = (0..<3).map { _ in
      HamiltonianInspiredDynamics(features: n, dtype: .float64).randomized(using: &random)
    }
    let start = Tensor([0.4, -0.7], shape: [1, 2])
    var (y, z) = (start.values, [0.0, 0.0])
    for stage in stages {
      let (k, b) = (stage.kernel.values, stage.bias.values)
      func tanh(_ x: Double) -> Double { ThalwegTensors.tanh(Tensor(x)).scalar }
      z = (0..<n).map { i in
        z[i] - h * tanh((0..<n).reduce(b[i]) { $0 + k[$1 * n + i] * y[$1] })
      }
      y = (0..<n).map { i in
        y[i] + h * tanh((0..<n).reduce(b[i]) { $0 + k[i * n + $1] * z[$1] })
      }
    }
    let layer = RestingFlow(
      Flow(stages: stages, over: 0...0.9, using: SymplecticEuler(.kickDrift)))
    expectClose(layer(start).values, y)
  }

  @Test func `published weights begin as 1`() {
    #expect(HamiltonianInspiredDynamics(features: 3).kernel.values == [1, 0, 0, 0, 1, 0, 0, 0, 1])
  }
}
