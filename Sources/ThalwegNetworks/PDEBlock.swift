import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
public import ThalwegTensors

/// A block of symmetric layers whose dynamics, method and adjoint are chosen by name.
///
///     let block = try PDEBlock(.hamiltonian, channels: 16, steps: 8, span: 4,
///       integrator: .verlet, adjoint: .reversible)
///
/// Each step has weights of its own. Where types are known when the program is written, a
/// ``Flow`` of the dynamics says the same and its illegal combinations do not compile.
///
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Errors: ``NetworkError`` where the combination is illegal.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272.
public struct PDEBlock: Layer {
  /// The flow of the block.
  public private(set) var flow: any Layer

  /// The block's branches are those of its flow.
  public static var branches: Branches<PDEBlock> { Branches() }

  /// Creates a block whose steps reach over a span of time that is not negative.
  ///
  /// `makeLayer` returns the symmetric layer of given channels. It is called once a step, twice for
  /// Hamiltonian dynamics.
  public init(
    _ dynamics: DynamicsName, channels: Int, steps: Int, span: Double,
    integrator: IntegratorName, adjoint: AdjointName,
    makeLayer: (Int) -> SymmetricLayer = { SymmetricLayer($0) }
  ) throws(NetworkError) {
    let legal = IntegratorName.legal(for: dynamics)
    guard legal.contains(integrator) else {
      throw .unsuitableIntegrator(
        integrator.rawValue, dynamics: dynamics.rawValue, legal: legal.map(\.rawValue))
    }
    guard adjoint != .reversible || integrator.isReversible else {
      throw .unsuitableAdjoint(
        "\(adjoint)", integrator: integrator.rawValue,
        legal: AdjointName.forms.filter { $0 != "reversible" })
    }
    guard steps > 0 else { throw .unsuitableSize("steps", value: steps, expected: "at least 1") }
    guard channels > 0, dynamics != .hamiltonian || channels % 2 == 0 else {
      throw .unsuitableSize(
        "channels", value: channels,
        expected: dynamics == .hamiltonian ? "a positive even number" : "at least 1")
    }
    let builder = FlowBuilder(span: 0...span, integrator: integrator, adjoint: adjoint)
    let indices = 0..<steps
    let built =
      switch dynamics {
      case .parabolic:
        builder.general(indices.map { _ in ParabolicDynamics(makeLayer(channels)) }, PlainUse())
      case .hamiltonian:
        builder.separable(
          indices.map { _ in
            HamiltonianDynamics(makeLayer(channels / 2), makeLayer(channels / 2))
          }, driftsFirst: true, HalvedUse())
      case .secondOrder:
        builder.secondOrder(
          indices.map { _ in SecondOrderSymmetricDynamics(makeLayer(channels)) })
      }
    guard let built else {
      throw .unsuitableIntegrator(
        integrator.rawValue, dynamics: dynamics.rawValue, legal: legal.map(\.rawValue))
    }
    flow = built
  }

  /// The block with layers of other weights.
  package func mapLayers(
    _ transform: (SymmetricLayer) throws -> SymmetricLayer
  ) rethrows -> PDEBlock {
    var block = self
    if let flow = flow as? any SymmetricBlock { block.flow = try flow.mapLayers(transform) }
    return block
  }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    flow.collectLeaves(into: &leaves, path: path)
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    flow.replaceLeaves(from: &source)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { flow(x) }

  public func calibrated(on x: Tensor) -> PDEBlock {
    var block = self
    block.flow = flow.calibrated(on: x)
    return block
  }
}
