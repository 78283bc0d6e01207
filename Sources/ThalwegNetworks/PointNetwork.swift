import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
public import ThalwegKernels
public import ThalwegTensors

/// A classifier of points whose hidden layers are the steps of an ordinary differential equation.
///
///     let network = try PointNetwork(.hamiltonian, width: 2, steps: 16, span: 20, classes: 2)
///     let logits = network(points)
///
/// Points are given zeros as further coordinates where the network is wider than they are.
///
/// - Shapes: `[batch, inputs]` gives `[batch, classes]`.
/// - Errors: ``NetworkError`` where the choice is impossible.
/// - Source: E. Haber, L. Ruthotto, "Stable architectures for deep neural networks", Inverse Problems
///   34 (2018) 014004, doi:10.1088/1361-6420/aa9a90.
public struct PointNetwork: Layer {
  /// The equations of a network of points.
  public enum Kind: Hashable, Sendable {
    /// ``AntisymmetricDynamics`` with a damping γ.
    case antisymmetric(damping: Double)
    /// ``HamiltonianInspiredDynamics``, the momentum of which begins as 0.
    case hamiltonian

    /// The methods that can integrate them.
    public var legalIntegrators: [IntegratorName] {
      IntegratorName.legal(for: self == .hamiltonian ? .hamiltonian : .parabolic)
    }
  }

  /// The coordinates that a point is given.
  public let width: Int
  /// The steps.
  public private(set) var flow: any Layer
  /// The last layer.
  public var classifier: Dense

  /// The branches are walked through one by one.
  public static var branches: Branches<PointNetwork> { Branches() }

  /// Creates a network; without a seed the weights differ from run to run.
  public init(
    _ kind: Kind, width: Int, steps: Int, span: Double, classes: Int,
    integrator: IntegratorName? = nil, adjoint: AdjointName = .direct,
    activation: Activation = .tanh, seed: UInt64? = nil, dtype: DType = .float32
  ) throws(NetworkError) {
    guard width > 0, steps > 0 else {
      throw .unsuitableSize("width", value: width, expected: "at least 1, with at least 1 step")
    }
    let integrator = integrator ?? (kind == .hamiltonian ? .symplecticEuler : .rk4)
    let name = kind == .hamiltonian ? "Hamiltonian" : "antisymmetric"
    let legal = kind.legalIntegrators.map(\.rawValue)
    guard legal.contains(integrator.rawValue) else {
      throw .unsuitableIntegrator(integrator.rawValue, dynamics: name, legal: legal)
    }
    var seeds = RandomSequence(seed: seed ?? .random(in: .min ... .max), purpose: 3)
    let builder = FlowBuilder(
      integrator: integrator, adjoint: adjoint, time: 0...span, steps: steps)
    let built: (any Layer)? =
      switch kind {
      case .hamiltonian:
        builder.separable(
          (0..<steps).map { _ in
            HamiltonianInspiredDynamics(features: width, activation: activation, dtype: dtype)
          }, driftsFirst: false, RestingUse())
      case .antisymmetric(let damping):
        builder.general(
          (0..<steps).map { _ in
            AntisymmetricDynamics(
              AntisymmetricLayer(
                features: width, damping: damping, activation: activation, seed: seeds.next(),
                dtype: dtype))
          }, PlainUse())
      }
    guard let built else {
      throw .unsuitableAdjoint(
        "\(adjoint)", integrator: integrator.rawValue,
        legal: AdjointName.forms.filter { $0 != "reversible" })
    }
    self.width = width
    flow = built
    classifier = Dense(width, classes, seed: seeds.next(), dtype: dtype)
  }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    flow.collectLeaves(into: &leaves, path: leaves.path(path, "flow"))
    classifier.collectLeaves(into: &leaves, path: leaves.path(path, "classifier"))
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    flow.replaceLeaves(from: &source)
    classifier.replaceLeaves(from: &source)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank == 2 && x.shape[1] <= width, "point network: input \(x.shape) for a width of \(width)")
    let zeros = Tensor.zeros([x.shape[0], width - x.shape[1]], dtype: x.dtype)
    return classifier(flow(x.shape[1] == width ? x : concatenate([x, zeros], along: 1)))
  }
}
