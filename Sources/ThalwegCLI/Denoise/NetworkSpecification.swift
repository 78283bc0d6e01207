import ThalwegDiffusion
import ThalwegTensors

/// What a trained filter is, apart from its weights.
struct NetworkSpecification: Codable, Hashable {
  /// explicit, dff, fsi, fixed-point, implicit or multigrid.
  var network: String
  var flux: String
  var blocks: Int
  var filters: Int
  var size: Int
  var isShared: Bool
  /// The inner steps of a cycle of fsi, the iterations of a fixed point, the levels of multigrid.
  var inner: Int
  /// The standard deviation of the noise that it was trained for, in grey values.
  var noise: Double

  static let networks = ["explicit", "dff", "fsi", "fixed-point", "implicit", "multigrid"]
  static let fluxes = [
    "charbonnier", "perona-malik", "exponential-perona-malik", "total-variation", "relu",
    "radial-basis", "linear",
  ]

  /// The name in tables.
  var name: String { "\(network) network\(isShared ? ", shared" : "")" }

  /// What is wrong with the numbers, if anything.
  var defect: String? {
    if !Self.networks.contains(network) { return "network '\(network)'" }
    if !Self.fluxes.contains(flux) { return "flux '\(flux)'" }
    if !(1...1_000).contains(blocks) { return "\(blocks) blocks" }
    if !(1...1_024).contains(filters) { return "\(filters) filters" }
    if !(1...31).contains(size) || size % 2 == 0 { return "filters of size \(size)" }
    if !(1...100).contains(inner) || (network == "multigrid" && inner > 10) {
      return "\(inner) inner steps"
    }
    return nil
  }

  /// The network with random weights.
  func network(seed: UInt64) -> DenoisingNetwork {
    guard network != "multigrid" else {
      return .multigrid(
        MultigridNetwork(
          levels: inner, blocks: blocks, filters: filters, size: size, flux: newFlux, seed: seed))
    }
    let scheme: DiffusionScheme =
      switch network {
      case "dff": .duFortFrankel()
      case "fsi": .semiIterative(cycle: inner)
      case "fixed-point": .fixedPoint(iterations: inner)
      case "implicit": .implicit
      default: .explicit
      }
    return .scheme(
      DiffusionNetwork(
        scheme: scheme, blocks: blocks, filters: filters, size: size, flux: newFlux,
        isShared: isShared, seed: seed))
  }

  /// A contrast for each filter, near the noise behind filters of norm 1.
  private var newFlux: Flux {
    let contrast = Tensor(
      repeating: Swift.max(noise, 5) / 255, shape: [filters, 1, 1], dtype: .float32)
    return switch flux {
    case "charbonnier": .charbonnier(contrast: contrast)
    case "exponential-perona-malik": .exponentialPeronaMalik(contrast: contrast)
    case "total-variation": .totalVariation(smoothing: contrast)
    case "relu": .relu
    case "linear": .linear
    case "radial-basis":
      .radialBasis(RadialBasis(count: 9, reach: 2.5 * Swift.max(noise, 5) / 255, filters: filters))
    default: .peronaMalik(contrast: contrast)
    }
  }
}
