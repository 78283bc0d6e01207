import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// A legal choice of names.
struct BlockChoice: CustomTestStringConvertible, Sendable {
  let dynamics: DynamicsName
  let integrator: IntegratorName
  let adjoint: AdjointName
  var testDescription: String { "\(dynamics.rawValue) \(integrator.rawValue) \(adjoint)" }

  func block() throws -> PDEBlock {
    var seed: UInt64 = 0
    return try PDEBlock(
      dynamics, channels: 2, steps: 3, span: 0.6, integrator: integrator, adjoint: adjoint
    ) { channels in
      seed += 1
      return SymmetricLayer(channels, activation: .tanh, seed: seed, dtype: .float64)
    }
  }

  static let all: [BlockChoice] = DynamicsName.allCases.flatMap { dynamics in
    IntegratorName.legal(for: dynamics).flatMap { integrator in
      ([.direct, .checkpointed(budget: nil), .checkpointed(budget: 0)]
        + (integrator.isReversible ? [.reversible] : [])).map {
          BlockChoice(dynamics: dynamics, integrator: integrator, adjoint: $0)
        }
    }
  }
}

@Suite struct PDEBlockTests {
  private let x = Tensor.random([2, 2, 4, 4], seed: 1)

  @Test(arguments: BlockChoice.all)
  func `every adjoint gives the gradient of the direct one`(_ choice: BlockChoice) throws {
    func gradient(_ choice: BlockChoice) throws -> PDEBlock {
      try valueAndGradient(at: try choice.block()) { sum(square($0(x))) }.gradient
    }
    let direct = BlockChoice(
      dynamics: choice.dynamics, integrator: choice.integrator, adjoint: .direct)
    let (actual, expected) = (try gradient(choice).leaves, try gradient(direct).leaves)
    // From rest, methods that look back leave some weights of three steps without effect.
    #expect(expected.contains { $0.values.contains { $0 != 0 } })
    for (a, b) in zip(actual, expected) {
      // Undone steps differ by rounding, which three steps do not amplify much.
      expectClose(a, b, relative: 1e-10)
    }
  }

  @Test func `symplectic Euler from rest is the leapfrog of networks`() throws {
    func end(_ integrator: IntegratorName) throws -> Tensor {
      try BlockChoice(dynamics: .secondOrder, integrator: integrator, adjoint: .direct).block()(x)
    }
    try expectClose(end(.symplecticEuler), end(.leapfrog))
  }

  @Test func `all methods approach the same flow`() throws {
    // Steps have fields of their own, so that only fields that are equal have a common limit.
    func end(_ dynamics: DynamicsName, _ integrator: IntegratorName) throws -> Tensor {
      try PDEBlock(
        dynamics, channels: 2, steps: 64, span: 0.5, integrator: integrator, adjoint: .direct
      ) { SymmetricLayer($0, activation: .tanh, seed: 5, dtype: .float64) }(x)
    }
    for dynamics in DynamicsName.allCases {
      let expected = try end(dynamics, .rk4)
      #expect(relativeError(expected, x) > 0.01)
      for integrator in IntegratorName.legal(for: dynamics) {
        // Methods of first order are off by about h/2 of the change, with h = 1/128.
        #expect(try relativeError(end(dynamics, integrator), expected) < 0.01, "\(integrator)")
      }
    }
  }

  @Test(arguments: [
    (DynamicsName.parabolic, IntegratorName.verlet), (.parabolic, .symplecticEuler),
    (.parabolic, .leapfrog), (.hamiltonian, .leapfrog),
  ])
  func `an illegal method is refused with the legal ones`(
    dynamics: DynamicsName, integrator: IntegratorName
  ) throws {
    let error = try #require(throws: NetworkError.self) {
      try PDEBlock(
        dynamics, channels: 2, steps: 1, span: 1, integrator: integrator, adjoint: .direct)
    }
    #expect("\(error)".contains("\(integrator.rawValue) cannot integrate \(dynamics.rawValue)"))
    for legal in IntegratorName.legal(for: dynamics) {
      #expect("\(error)".contains(legal.rawValue))
    }
  }

  @Test(arguments: [IntegratorName.euler, .rk4, .threeEighths])
  func `the reversible adjoint is refused for methods without inverse`(_ name: IntegratorName)
    throws
  {
    let error = try #require(throws: NetworkError.self) {
      try PDEBlock(
        .hamiltonian, channels: 2, steps: 1, span: 1, integrator: name, adjoint: .reversible)
    }
    #expect("\(error)".contains("direct, checkpointed[:budget]"))
  }

  @Test func `sizes that are impossible are refused`() {
    for (channels, steps) in [(3, 1), (0, 1), (2, 0), (-2, 1), (2, -1)] {
      #expect(throws: NetworkError.self) {
        try PDEBlock(
          .hamiltonian, channels: channels, steps: steps, span: 1, integrator: .verlet,
          adjoint: .direct)
      }
    }
  }

  @Test(arguments: ["direct", "reversible", "checkpointed", "checkpointed:0", "checkpointed:17"])
  func `names of adjoints are read and written`(name: String) {
    #expect(AdjointName(name)?.description == name)
  }

  @Test(arguments: [
    "", ":", "Direct", "checkpointed:", "checkpointed:-1", "reversible:2", "direct:",
  ])
  func `what is no adjoint is not read`(name: String) {
    #expect(AdjointName(name) == nil)
  }
}
