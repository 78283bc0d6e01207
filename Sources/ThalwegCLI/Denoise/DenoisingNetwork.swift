import ThalwegDiffusion
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors

/// The networks that are trained to remove noise.
enum DenoisingNetwork: Layer {
  case scheme(DiffusionNetwork)
  case multigrid(MultigridNetwork)
  case plain(PlainNetwork)

  static var branches: Branches<DenoisingNetwork> { Branches() }

  func collectLeaves(into leaves: inout LeafList, path: String) {
    switch self {
    case .scheme(let network): network.collectLeaves(into: &leaves, path: path)
    case .multigrid(let network): network.collectLeaves(into: &leaves, path: path)
    case .plain(let network): network.collectLeaves(into: &leaves, path: path)
    }
  }

  mutating func replaceLeaves(from source: inout LeafSource) {
    switch self {
    case .scheme(var network):
      network.replaceLeaves(from: &source)
      self = .scheme(network)
    case .multigrid(var network):
      network.replaceLeaves(from: &source)
      self = .multigrid(network)
    case .plain(var network):
      network.replaceLeaves(from: &source)
      self = .plain(network)
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .scheme(let network): network(x)
    case .multigrid(let network): network(x)
    case .plain(let network): network(x)
    }
  }

  /// What is filled in where pixels are not known; networks without stable blocks return what they do.
  func filled(_ x: Tensor, known: Tensor) -> Tensor {
    switch self {
    case .scheme(let network): network.filled(x, known: known)
    case .multigrid(let network): network.filled(x, known: known)
    case .plain(let network): network(x)
    }
  }

  /// The network with filters that are small enough for stable steps.
  func projected(on shape: Shape) throws -> DenoisingNetwork {
    switch self {
    case .scheme(let network): .scheme(try network.projected(on: shape))
    case .multigrid(let network): .multigrid(try network.projected(on: shape))
    case .plain(let network): .plain(try network.projected(on: shape))
    }
  }

  /// The network with filters of mean 0.
  var centered: DenoisingNetwork {
    switch self {
    case .scheme(let network): .scheme(network.centered)
    case .multigrid(let network): .multigrid(network.centered)
    // Without an identity filters have to carry the mean.
    case .plain(let network): .plain(network)
    }
  }

  /// The number of weights.
  var weightCount: Int { leaves.reduce(0) { $0 + $1.count } }
}
