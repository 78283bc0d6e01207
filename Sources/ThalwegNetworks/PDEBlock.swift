import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
public import ThalwegTensors

/// A block of symmetric layers whose dynamics, method and adjoint are chosen by name.
///
///     let block = try PDEBlock(.hamiltonian, channels: 16, steps: 8, span: 4,
///       integrator: .verlet, adjoint: .reversible)
///
/// Each step has weights of its own, or weights are functions of time. Where types are known when the
/// program is written, a ``Flow`` of the dynamics says the same and its illegal combinations do not
/// compile.
///
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Errors: ``NetworkError`` where the combination is illegal.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272.
public struct PDEBlock: Layer {
  /// The flow of the block.
  public private(set) var flow: any Layer
  /// What the block is, apart from its weights.
  let form: Form

  /// The block's branches are those of its flow.
  public static var branches: Branches<PDEBlock> { Branches() }

  /// Creates a block whose steps reach over a span of time that is not negative.
  ///
  /// `makeLayer` returns the symmetric layer of given channels. It is called once for each weight in
  /// time, which is once a step by default, and twice for Hamiltonian dynamics.
  public init(
    _ dynamics: DynamicsName, channels: Int, steps: Int, span: Double,
    integrator: IntegratorName, adjoint: AdjointName, weights: WeightBasis = .steps,
    makeLayer: (Int) -> SymmetricLayer = { SymmetricLayer($0) }
  ) throws(NetworkError) {
    let form = Form(
      dynamics: dynamics, integrator: integrator, adjoint: adjoint, steps: steps, span: span,
      weights: weights)
    try form.validate(channels: channels)
    let parts = dynamics == .hamiltonian ? 2 : 1
    let layers = (0..<(weights.count ?? steps)).map { index in
      (0..<parts).map { _ in
        let layer = makeLayer(channels / parts)
        return index > 0 && weights.isModal ? layer.vanishing : layer
      }
    }
    try self.init(form, layers)
  }

  /// Creates a block of layers: one or two for each weight in time.
  init(_ form: Form, _ layers: [[SymmetricLayer]]) throws(NetworkError) {
    if form.weights != .steps, layers.contains(where: { $0.contains(where: \.mixesExamples) }) {
      throw .unsuitableCombination(
        "weights \(form.weights) have no statistics of batches",
        advice: "take weights for each step, or another normalisation")
    }
    let builder = FlowBuilder(
      integrator: form.integrator, adjoint: form.adjoint, time: form.time, steps: form.steps,
      weights: form.weights)
    let built =
      switch form.dynamics {
      case .parabolic: builder.parabolic(layers.map { ParabolicDynamics($0[0]) })
      case .hamiltonian: builder.hamiltonian(layers.map { HamiltonianDynamics($0[0], $0[1]) })
      case .secondOrder:
        builder.secondOrder(layers.map { SecondOrderSymmetricDynamics($0[0]) })
      }
    guard let built else { throw form.unsuitableIntegrator }
    flow = built
    self.form = form
  }

  /// The layers of each step with the weights that they have at its beginning.
  var stepLayers: [[SymmetricLayer]] { (flow as? any SymmetricBlock)?.stepLayers ?? [] }

  /// The layers whose weights are trained: those of each step, or those that functions of time multiply.
  package var weightLayers: [[SymmetricLayer]] {
    let all = (flow as? any SymmetricBlock)?.fieldLayers ?? []
    guard form.weights != .steps else { return all }
    let parts = form.dynamics == .hamiltonian ? 2 : 1
    let layers = all.flatMap { $0 }
    return stride(from: 0, to: layers.count, by: parts).map { Array(layers[$0..<$0 + parts]) }
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

extension SymmetricLayer {
  /// The layer with all weights 0, as a deviation to begin with.
  fileprivate var vanishing: SymmetricLayer {
    mapLeaves { .zeros($0.shape, dtype: $0.dtype) }
  }

  /// Whether the layer takes the examples of a batch together.
  fileprivate var mixesExamples: Bool { normalization == .batch }
}
