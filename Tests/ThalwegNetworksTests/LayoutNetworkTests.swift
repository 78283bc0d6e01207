import Testing
import ThalwegAdjoints
import ThalwegIntegrators
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// Networks compiled in blocks of channels and in the order of their axes.
@Suite struct LayoutNetworkTests {
  struct Form: CustomTestStringConvertible, Sendable {
    let dynamics: DynamicsName
    let integrator: IntegratorName
    let adjoint: AdjointName
    var testDescription: String { "\(dynamics.rawValue) \(integrator.rawValue) \(adjoint)" }

    static let all: [Form] = [
      (.parabolic, IntegratorName.euler), (.parabolic, .rk4), (.parabolic, .asynchronousLeapfrog),
      (.hamiltonian, .verlet), (.hamiltonian, .symplecticEuler), (.secondOrder, .leapfrog),
      (.secondOrder, .verlet),
    ].flatMap { dynamics, integrator in
      let reversible: [AdjointName] = integrator.isReversible ? [.reversible] : []
      return ([.direct, .checkpointed(budget: 1)] + reversible).map {
        Form(dynamics: dynamics, integrator: integrator, adjoint: $0)
      }
    }
  }

  private func results<Network: Layer>(
    _ layout: PlanLayout, _ network: Network, at x: Tensor
  ) throws -> [Tensor] {
    try PlanLayout.$current.withValue(layout) {
      try compile { (network: Network, x: Tensor) in
        let (loss, gradient) = try valueAndGradient(at: Both(network: network, image: x)) {
          let y = $0.network($0.image)
          return sum(y * sin(Tensor.iota(y.count, dtype: y.dtype).reshaped(to: y.shape)))
        }
        return [network(x), loss] + gradient.leaves
      }(network, x)
    }
  }

  private func expectSame<Network: Layer>(
    _ network: Network, at x: Tensor, relative: Double, _ comment: Comment
  ) throws {
    let expected = try results(.plain, network, at: x)
    let actual = try results(.blocked, network, at: x)
    #expect(actual.count == expected.count)
    for (index, pair) in zip(actual, expected).enumerated() {
      // Where a gradient is 0 but for rounding, it is measured by the loss.
      expectClose(
        pair.0, pair.1, relative: relative, absolute: relative * expected[1].scalar.magnitude,
        "\(index) of \(comment)")
    }
  }

  private func block(
    _ form: Form, _ channels: Int, _ normalization: SymmetricLayer.Normalization, _ dtype: DType
  ) throws -> PDEBlock {
    var seed: UInt64 = 0
    return try PDEBlock(
      form.dynamics, channels: channels, steps: 3, span: 0.6, integrator: form.integrator,
      adjoint: form.adjoint
    ) { channels in
      seed += 1
      let layer = SymmetricLayer(
        channels, activation: .tanh, normalization: normalization, seed: seed, dtype: dtype)
      // A bias that is 0 would hide where it is lost.
      return layer.replacingLeaves(
        with: layer.leaves.map { $0.rank > 1 ? $0 : .random($0.shape, dtype: dtype, seed: seed) })
    }
  }

  @Test(arguments: Form.all)
  func `blocks have the same values and gradients in every layout`(form: Form) throws {
    for channels in form.dynamics == .hamiltonian ? [6, 16, 34] : [3, 16, 17, 32] {
      for normalization in [SymmetricLayer.Normalization.none, .instance] {
        for dtype in DType.allCases {
          let x = Tensor.random([2, channels, 4, 6], dtype: dtype, seed: 1)
          try expectSame(
            try block(form, channels, normalization, dtype), at: x,
            relative: dtype == .float32 ? 2e-5 : 1e-13, "\(channels) \(normalization) \(dtype)")
        }
      }
    }
  }

  @Test(arguments: DynamicsName.allCases)
  func `networks have the same values and gradients in every layout`(
    dynamics: DynamicsName
  ) throws {
    for channels in [6, 16] {
      let network = try PDENetwork(
        .init(
          dynamics: dynamics, integrator: dynamics == .parabolic ? .euler : .verlet,
          adjoint: dynamics == .parabolic ? .direct : .reversible,
          channels: [channels, 2 * channels],
          steps: 2, activation: .tanh, normalization: .instance),
        images: [3, 8, 8], classes: 5, seed: 1, dtype: .float64)
      try expectSame(
        network, at: .random([3, 3, 8, 8], seed: 2), relative: 1e-12, "\(channels) channels")
    }
  }
}

/// What a step of the published networks computes: one convolution for each that theory demands.
@Suite struct SymmetricPlanTests {
  /// The lines inside of the loops of a plan.
  private struct Body {
    var lines: [Substring] = []

    func count(_ name: String) -> Int { lines.count { $0.contains(name) } }
    /// Passes over whole images, in chains and sums.
    var passes: Int { lines.count { $0.contains("chain float32[8, 2, 16, 16, 16]") } }
  }

  private func loops(of plan: Plan) -> [Body] {
    var loops: [Body] = []
    var isLoop = false
    for line in plan.description.split(separator: "\n") {
      if !line.hasPrefix("       ") {
        isLoop = line.contains("loop ×")
        if isLoop { loops.append(Body()) }
      } else if isLoop {
        loops[loops.count - 1].lines.append(line)
      }
    }
    return loops
  }

  private func plan(_ adjoint: some Adjoint<Leapfrog<SecondOrderSymmetricDynamics>>) throws -> Plan
  {
    let stages = (0..<4).map { stage in
      SecondOrderSymmetricDynamics(
        SymmetricLayer(32, normalization: .instance, bias: false, seed: UInt64(stage)))
    }
    let flow = Flow(stages: stages, over: 0...1, using: Leapfrog(), adjoint: adjoint)
    return try compile { (flow: Flow<Leapfrog<SecondOrderSymmetricDynamics>>, y: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: Both(network: flow, image: y)) {
        sum(square(try $0.network($0.image)))
      }
      return [loss] + gradient.leaves
    }.plan(for: flow, .random([8, 32, 16, 16], dtype: .float32, seed: 1))
  }

  @Test func `a reversible step takes eight convolutions forth and back`() throws {
    let loops = loops(of: try plan(ReversibleAdjoint()))
    #expect(loops.count == 2)
    #expect(loops[0].count("blocked convolution") == 2)
    // K y and Kᵀ to undo the step, K and Kᵀ for the pullback, and two for the filters.
    #expect(loops[1].count("blocked convolution → result") == 2)
    #expect(loops[1].count("blocked convolution → image") == 2)
    #expect(loops[1].count("blocked convolution → kernel") == 2)
  }

  @Test func `a direct step takes seven`() throws {
    let loops = loops(of: try plan(DirectAdjoint()))
    #expect(loops[0].count("blocked convolution") == 2)
    #expect(loops[1].count("blocked convolution") == 5)
  }

  @Test func `nothing is converted or copied inside of a loop`() throws {
    for plan in [try plan(ReversibleAdjoint()), try plan(DirectAdjoint())] {
      for loop in loops(of: plan) {
        #expect(loop.count("block 8") == 0 && loop.count("unblock") == 0)
      }
    }
    for loop in loops(of: try plan(ReversibleAdjoint())) { #expect(loop.count("copy") == 0) }
  }

  @Test func `images are passed over no oftener than needed`() throws {
    let loops = loops(of: try plan(ReversibleAdjoint()))
    // Deviations, activation, update; and back the same, with two for the normalisation and one for
    // the cotangent.
    #expect(loops[0].passes == 3)
    #expect(loops[1].passes == 6)
  }
}

private struct Both<Network: TensorTree>: TensorTree {
  var network: Network
  var image: Tensor

  static var branches: Branches<Both<Network>> { Branches(\.network, \.image) }
}
