import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Gradients from undone steps are those from stored states, bit for bit.
@Suite(.serialized) struct ExactGradientTests {
  /// The gradients of all adjoints by one and by two threads.
  private func expectEqualBits<Method: ReversibleIntegrator>(
    _ stages: [Method.Field], steps: Int? = nil, _ method: Method,
    from start: Method.Field.State, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    func gradient(_ adjoint: some Adjoint<Method>) throws -> (leaves: [Tensor], error: Double?) {
      let flow =
        steps.map {
          Flow(stages[0], from: 0, to: 2, steps: $0, using: method, adjoint: adjoint)
        } ?? Flow(stages: stages, over: 0...2, using: method, adjoint: adjoint)
      let result = try valueAndGradient(at: FlowProblem(flow, from: start)) { try $0.loss }
      return (result.gradient.leaves, flow.statistics.reconstructionError)
    }
    let threads = Threads.count
    defer { Threads.count = threads }
    Threads.count = 1
    let expected = try gradient(DirectAdjoint()).leaves
    for count in [1, 2] {
      Threads.count = count
      let reversible = try gradient(ReversibleAdjoint())
      #expect(reversible.error == 0, "\(count) threads", sourceLocation: sourceLocation)
      let others = [
        ("reversible", reversible.leaves), ("direct", try gradient(DirectAdjoint()).leaves),
        ("checkpointed", try gradient(CheckpointedAdjoint(budget: 3)).leaves),
      ]
      for (name, leaves) in others {
        for (index, pair) in zip(leaves, expected).enumerated() {
          #expect(
            pair.0.bits == pair.1.bits, "leaf \(index), \(name), \(count) threads",
            sourceLocation: sourceLocation)
        }
      }
    }
  }

  private static func separable(_ dtype: DType, _ seed: UInt64) -> SeparableODE {
    SeparableODE(
      Tensor.random([16, 16], dtype: dtype, seed: seed),
      Tensor.random([16, 16], dtype: dtype, seed: seed + 100)
    ) { t, p, w, _ in
      matmul(tanh(matmul(p, w) + t), w.transposed)
    } force: { t, q, _, w in
      -matmul(sigmoid(matmul(q, w.transposed)), w) - 0.3 * sin(q)
    }
  }

  private static func point(_ shape: Shape, _ dtype: DType) -> PhasePoint {
    PhasePoint(
      q: .random(shape, dtype: dtype, seed: 5), p: .random(shape, dtype: dtype, seed: 6))
  }

  @Test(arguments: DType.allCases)
  func `separable networks`(dtype: DType) throws {
    let stages = (0..<20).map { Self.separable(dtype, UInt64($0)) }
    let start = Self.point([40, 16], dtype)
    try expectEqualBits(stages, Verlet(arithmetic: .exact), from: start)
    try expectEqualBits(stages, SymplecticEuler(arithmetic: .exact), from: start)
    try expectEqualBits(stages, SymplecticEuler(.driftKick, arithmetic: .exact), from: start)
    try expectEqualBits(
      stages, SymplecticComposition(.yoshida6, arithmetic: .exact), from: start)
    try expectEqualBits(stages, steps: 200, Verlet(arithmetic: .exact), from: start)
    try expectEqualBits(stages, DampedSymplecticEuler(0.95, arithmetic: .exact), from: start)
  }

  @Test(arguments: DType.allCases)
  func `leapfrog and momentum networks`(dtype: DType) throws {
    let waves = (0..<20).map { stage in
      SecondOrderODE(Tensor.random([16, 16], dtype: dtype, seed: UInt64(stage))) { _, y, w in
        -matmul(tanh(matmul(y, w)), w.transposed)
      }
    }
    let start = Tensor.random([40, 16], dtype: dtype, seed: 5)
    try expectEqualBits(waves, Leapfrog(arithmetic: .exact), from: start)
    try expectEqualBits(waves, Leapfrog(start: .consistent, arithmetic: .exact), from: start)
    let layers = (0..<20).map { stage in
      ODE(Tensor.random([16, 16], dtype: dtype, seed: UInt64(stage))) { _, y, w in
        tanh(matmul(y, w))
      }
    }
    try expectEqualBits(layers, Momentum(0.9, arithmetic: .exact), from: start)
    try expectEqualBits(layers, steps: 300, Momentum(0.9, arithmetic: .exact), from: start)
  }

  @Test(arguments: [3, 8, 16, 20])
  func `convolutional networks`(channels: Int) throws {
    let normalizations: [SymmetricLayer.Normalization] = [.none, .instance]
    for normalization in normalizations {
      for arithmetic in [ConvolutionArithmetic.exact, .fast] {
        func layer(_ seed: Int) -> SymmetricLayer {
          SymmetricLayer(
            channels, activation: .tanh, normalization: normalization, arithmetic: arithmetic,
            seed: UInt64(seed))
        }
        let stages = (0..<6).map { HamiltonianDynamics(layer($0), layer($0 + 50)) }
        let waves = (0..<6).map { SecondOrderSymmetricDynamics(layer($0)) }
        for batch in [1, 6] {
          let shape: Shape = [batch, channels, 12, 12]
          try expectEqualBits(
            stages, Verlet(arithmetic: .exact), from: Self.point(shape, .float32))
          try expectEqualBits(
            waves, Leapfrog(arithmetic: .exact), from: .random(shape, dtype: .float32, seed: 8))
        }
      }
    }
  }

  // A factor in front of an image is moved behind its convolution where the image is in memory.
  @Test func `convolutions of multiples`() throws {
    let stages = (0..<4).map { stage in
      SeparableODE(Tensor.random([16, 16, 3, 3], dtype: .float32, seed: UInt64(stage))) { _, p, k in
        tanh(convolution(0.1 * p, k))
      } force: { _, q, k in
        -tanh(convolution(0.3 * q, k))
      }
    }
    try expectEqualBits(
      stages, Verlet(arithmetic: .exact), from: Self.point([4, 16, 9, 9], .float32))
  }
}
