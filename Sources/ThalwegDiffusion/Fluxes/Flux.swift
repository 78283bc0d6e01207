import ThalwegKernels
public import ThalwegTensors

/// The flux Φ of a diffusion: what flows because of a derivative s, Φ(s) = g(s²) s.
///
///     Flux.charbonnier(contrast: 0.1)
///     Flux.peronaMalik(contrast: 0.1)
///     Flux.radialBasis(RadialBasis(count: 15, reach: 1))
///
/// | flux | Φ(s) | energy Ψ, Ψ' = Φ |
/// |---|---|---|
/// | `linear` | s | s²/2 |
/// | `charbonnier` | s / √(1 + s²/λ²) | λ² (√(1 + s²/λ²) - 1) |
/// | `peronaMalik` | s / (1 + s²/λ²) | λ²/2 log(1 + s²/λ²) |
/// | `exponentialPeronaMalik` | s exp(-s²/2λ²) | λ² (1 - exp(-s²/2λ²)) |
/// | `totalVariation` | s / √(s² + ε²) | √(s² + ε²) - ε |
/// | `relu` | max(s, 0) | max(s, 0)²/2 |
/// | `radialBasis` | Σ wᵢ (s - μᵢ) exp(-(s - μᵢ)²/2γ²) | -γ² Σ wᵢ exp(-(s - μᵢ)²/2γ²) |
///
/// Contrasts λ, the smoothing ε and the weights wᵢ are parameters. They are scalars or broadcast to the
/// responses of filters, as `[count, 1, 1]`.
///
/// - Source: P. Perona, J. Malik, "Scale-space and edge detection using anisotropic diffusion", IEEE
///   Trans. Pattern Anal. Mach. Intell. 12 (1990), doi:10.1109/34.56205; P. Charbonnier et al., "Two
///   deterministic half-quadratic regularization algorithms for computed imaging", ICIP 1994,
///   doi:10.1109/ICIP.1994.413553; L. Rudin, S. Osher, E. Fatemi, "Nonlinear total variation based noise
///   removal algorithms", Physica D 60 (1992), doi:10.1016/0167-2789(92)90242-F.
public enum Flux: TensorTree {
  /// Homogeneous diffusion.
  case linear
  /// Diffusion of Charbonnier et al., which never sharpens.
  case charbonnier(contrast: Tensor)
  /// Diffusion of Perona and Malik, which sharpens what is steeper than the contrast.
  case peronaMalik(contrast: Tensor)
  /// The other diffusion of Perona and Malik.
  case exponentialPeronaMalik(contrast: Tensor)
  /// The flow of total variation, made smooth below ε.
  case totalVariation(smoothing: Tensor)
  /// The ramp, which lets flow in one direction only.
  case relu
  /// A trained flux.
  case radialBasis(RadialBasis)

  public static var branches: Branches<Flux> { Branches() }

  /// What is added to squares of parameters that training may bring close to 0.
  static let smallest = 1e-12

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(byLength: kind)
    switch self {
    case .linear, .relu: break
    case .charbonnier(let λ), .peronaMalik(let λ), .exponentialPeronaMalik(let λ):
      leaves.append(λ, path: leaves.path(path, "contrast"))
    case .totalVariation(let ε): leaves.append(ε, path: leaves.path(path, "smoothing"))
    case .radialBasis(let basis): basis.collectLeaves(into: &leaves, path: path)
    }
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    switch self {
    case .linear, .relu: break
    case .charbonnier: self = .charbonnier(contrast: source.next())
    case .peronaMalik: self = .peronaMalik(contrast: source.next())
    case .exponentialPeronaMalik: self = .exponentialPeronaMalik(contrast: source.next())
    case .totalVariation: self = .totalVariation(smoothing: source.next())
    case .radialBasis(var basis):
      basis.replaceLeaves(from: &source)
      self = .radialBasis(basis)
    }
  }

  /// A number for each kind, which tells plans of one from those of another.
  private var kind: Int {
    switch self {
    case .linear: 0
    case .charbonnier: 1
    case .peronaMalik: 2
    case .exponentialPeronaMalik: 3
    case .totalVariation: 4
    case .relu: 5
    case .radialBasis: 6
    }
  }

  /// The flux of each derivative.
  public func callAsFunction(_ s: Tensor) -> Tensor {
    switch self {
    case .linear: s
    case .charbonnier(let λ): s / sqrt(1 + square(s) * Self.reciprocal(λ, s))
    case .peronaMalik(let λ): s / (1 + square(s) * Self.reciprocal(λ, s))
    case .totalVariation(let ε): s / sqrt(square(s) + square(ε.to(s.dtype)))
    case .relu: ThalwegTensors.relu(s)
    case .radialBasis(let basis): basis(s)
    case .exponentialPeronaMalik(let λ): s * exp(-0.5 * square(s) * Self.reciprocal(λ, s))
    }
  }

  /// g of the square of the length of what flows together, Φ(s) = g(s²) s.
  ///
  /// - Errors: traps for relu and trained fluxes, which are none of lengths.
  public func diffusivity(_ squared: Tensor) -> Tensor {
    switch self {
    case .linear: return Tensor.ones(squared.shape, dtype: squared.dtype)
    case .charbonnier(let λ): return 1 / sqrt(1 + squared * Self.reciprocal(λ, squared))
    case .peronaMalik(let λ): return 1 / (1 + squared * Self.reciprocal(λ, squared))
    case .exponentialPeronaMalik(let λ): return exp(-0.5 * squared * Self.reciprocal(λ, squared))
    case .totalVariation(let ε): return 1 / sqrt(squared + square(ε.to(squared.dtype)))
    case .relu, .radialBasis:
      require(false, "diffusivity: \(name) is no function of lengths")
      return squared
    }
  }

  /// Ψ of each derivative, whose derivative is the flux.
  public func energy(_ s: Tensor) -> Tensor {
    switch self {
    case .linear: return 0.5 * square(s)
    case .relu: return 0.5 * square(ThalwegTensors.relu(s))
    case .radialBasis(let basis): return basis.energy(s)
    default: return energy(ofSquared: square(s))
    }
  }

  /// Ψ of the square of a length.
  func energy(ofSquared q: Tensor) -> Tensor {
    switch self {
    case .charbonnier(let λ):
      return (sqrt(1 + q * Self.reciprocal(λ, q)) - 1) / Self.reciprocal(λ, q)
    case .peronaMalik(let λ):
      return 0.5 * log(1 + q * Self.reciprocal(λ, q)) / Self.reciprocal(λ, q)
    case .exponentialPeronaMalik(let λ):
      return (1 - exp(-0.5 * q * Self.reciprocal(λ, q))) / Self.reciprocal(λ, q)
    case .totalVariation(let ε): return sqrt(q + square(ε.to(q.dtype))) - ε.to(q.dtype)
    case .linear, .relu, .radialBasis: return 0.5 * q
    }
  }

  /// 1 / λ² in the precision of what it is multiplied with.
  private static func reciprocal(_ contrast: Tensor, _ s: Tensor) -> Tensor {
    1 / (square(contrast.to(s.dtype)) + smallest)
  }
}
