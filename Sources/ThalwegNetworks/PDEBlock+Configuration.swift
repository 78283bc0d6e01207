import ThalwegKernels
import ThalwegTensors

extension PDEBlock {
  /// Creates a block of a network with random weights.
  init(
    _ configuration: PDENetwork.Configuration, channels: Int, seed: UInt64, dtype: DType
  ) throws(NetworkError) {
    var seeds = RandomSequence(seed: seed)
    let parts = configuration.dynamics == .hamiltonian ? 2 : 1
    let shared = (0..<parts).map { RandomSequence(seed: seed, purpose: UInt64($0)) }
    var calls = 0
    try self.init(
      configuration.dynamics, channels: channels, steps: configuration.steps,
      span: configuration.span, integrator: configuration.integrator,
      adjoint: configuration.adjoint, weights: configuration.weights,
      makeLayer: { channels in
        var same = shared[calls % parts]
        calls += 1
        return SymmetricLayer(
          channels, activation: configuration.activation,
          normalization: configuration.normalization, scale: configuration.hasScales,
          gain: configuration.gain, start: configuration.start,
          boundary: configuration.boundary, arithmetic: configuration.arithmetic,
          // The published filters are the same in all steps.
          seed: configuration.start == .published ? same.next() : seeds.next(), dtype: dtype)
      })
  }
}
