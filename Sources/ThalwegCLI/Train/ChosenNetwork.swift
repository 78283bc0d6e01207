import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors

/// A network that is chosen by its name.
enum ChosenNetwork: Layer {
  case equations(PDENetwork)
  case residual(ResidualNetwork)

  /// The branches are those of the network.
  static var branches: Branches<ChosenNetwork> { Branches() }

  private var network: any ImageClassifier {
    switch self {
    case .equations(let network): network
    case .residual(let network): network
    }
  }

  /// The equations of the network, if it has any.
  var equations: PDENetwork? {
    if case .equations(let network) = self { network } else { nil }
  }

  func collectLeaves(into leaves: inout LeafList, path: String) {
    network.collectLeaves(into: &leaves, path: path)
  }

  mutating func replaceLeaves(from source: inout LeafSource) {
    switch self {
    case .equations(var network):
      network.replaceLeaves(from: &source)
      self = .equations(network)
    case .residual(var network):
      network.replaceLeaves(from: &source)
      self = .residual(network)
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor { network(x) }

  func calibrated(on x: Tensor) -> ChosenNetwork {
    switch self {
    case .equations(let network): .equations(network.calibrated(on: x))
    case .residual(let network): .residual(network.calibrated(on: x))
    }
  }

  /// What a regularisation adds to the loss.
  func penalty(_ regularization: Regularization) -> Tensor { network.penalty(regularization) }

  /// The network with weights no larger than a bound.
  func clamped(to bound: Double) -> ChosenNetwork {
    switch self {
    case .equations(let network): .equations(network.clamped(to: bound))
    case .residual(let network): .residual(network.clamped(to: bound))
    }
  }

  /// The network with filters whose norm is below a share of what stable steps allow.
  func projected(images: Shape, margin: Double) throws -> ChosenNetwork {
    guard let equations else { return self }
    return .equations(try equations.projected(images: images, margin: margin))
  }
}
