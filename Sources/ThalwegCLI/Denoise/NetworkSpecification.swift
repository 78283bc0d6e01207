import ThalwegDiffusion
import ThalwegKernels
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
  /// Whether blocks are those of the classical filter to begin with: differences that flow together.
  var isCoupled = false
  /// The inner steps of a cycle of fsi, the iterations of a fixed point, the levels of multigrid.
  var inner: Int
  /// The standard deviation of the noise that it was trained for, in grey values.
  var noise: Double

  static let networks = ["explicit", "dff", "fsi", "fixed-point", "implicit", "multigrid"]
  static let fluxes = [
    "charbonnier", "perona-malik", "exponential-perona-malik", "total-variation", "relu",
    "radial-basis", "linear",
  ]

  /// Networks and fluxes whose blocks cannot begin as those of a classical filter.
  static let uncoupled: Set = ["multigrid", "relu", "radial-basis", "total-variation"]

  /// The name in tables.
  var name: String {
    "\(network) network\(isShared ? ", shared" : "")\(isCoupled ? ", coupled" : "")"
  }

  /// What is wrong with the numbers, if anything.
  var defect: String? {
    if !Self.networks.contains(network) { return "network '\(network)'" }
    if !Self.fluxes.contains(flux) { return "flux '\(flux)'" }
    if !(1...1_000).contains(blocks) { return "\(blocks) blocks" }
    if !(1...1_024).contains(filters) { return "\(filters) filters" }
    if !(1...31).contains(size) || size % 2 == 0 { return "filters of size \(size)" }
    if isCoupled, let word = [network, flux].first(where: { Self.uncoupled.contains($0) }) {
      return "coupled network of \(word)"
    }
    if !(1...100).contains(inner) || (network == "multigrid" && inner > 10) {
      return "\(inner) inner steps"
    }
    return nil
  }

  /// The name of files, without an ending.
  var fileName: String { "\(network)-\(flux)-\(blocks)" }

  /// The network with random weights, for images or signals.
  func network(seed: UInt64, dimensions: Int = 2) -> DenoisingNetwork {
    guard network != "multigrid" else {
      return .multigrid(
        MultigridNetwork(
          levels: inner, blocks: blocks, filters: filters, size: size,
          dimensions: dimensions, flux: newFlux, seed: seed))
    }
    let scheme: DiffusionScheme =
      switch network {
      case "dff": .duFortFrankel()
      case "fsi": .semiIterative(cycle: inner)
      case "fixed-point": .fixedPoint(iterations: inner)
      case "implicit": .implicit
      default: .explicit
      }
    guard !isCoupled else {
      let block = classicalBlock(scheme, dimensions)
      return .scheme(
        DiffusionNetwork(
          scheme: scheme, blocks: Array(repeating: block, count: isShared ? 1 : blocks),
          depth: blocks))
    }
    return .scheme(
      DiffusionNetwork(
        scheme: scheme, blocks: blocks, filters: filters, size: size, dimensions: dimensions,
        flux: newFlux, isShared: isShared, seed: seed))
  }

  /// The differences to the next places as filters, so large that the classical filter is reached by all
  /// blocks together, if they can.
  private func classicalBlock(_ scheme: DiffusionScheme, _ dimensions: Int) -> Diffusion {
    let height = firstHeight
    let area = dimensions == 2 ? size * size : size
    var values = [Float](repeating: 0, count: dimensions * area)
    for axis in 0..<dimensions {
      let center = axis * area + area / 2
      values[center] = Float(-height)
      values[center + (axis == 0 ? 1 : size)] = Float(height)
    }
    let shape = Shape([dimensions, 1] + Array(repeating: size, count: dimensions))
    return Diffusion(
      DerivativeOperator(filters: Tensor(values, shape: shape)), flux: newFlux, coupling: .responses
    )
  }

  /// The height of the first differences: the flux sees them as if the contrast were so much smaller.
  private var firstHeight: Double {
    Swift.min((usual.time / reach).squareRoot(), 0.49)
  }

  private var usual: UsualParameters {
    UsualParameters(flux: flux, noise: noise / 255, isFilling: false)
  }

  /// The time by which all blocks together advance.
  private var reach: Double {
    func cycle(_ count: Int) -> Double { Double(count * (count + 1)) / 3 }
    return switch network {
    case "fsi": Double(blocks / inner) * cycle(inner) + cycle(blocks % inner)
    case "dff": 3 * Double(blocks)
    default: Double(blocks)
    }
  }

  /// A contrast for each filter, near the noise behind filters of norm 1, or that of a classical filter.
  private var newFlux: Flux {
    let contrast =
      isCoupled
      ? Tensor([Float(firstHeight * usual.contrast)], shape: [])
      : Tensor(repeating: Swift.max(noise, 5) / 255, shape: [filters, 1, 1], dtype: .float32)
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
