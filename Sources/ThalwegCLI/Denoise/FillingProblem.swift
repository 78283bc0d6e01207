import ThalwegDiffusion
import ThalwegKernels
import ThalwegTensors
import ThalwegTraining

/// An image of which a part of the pixels is known.
struct FillingProblem {
  /// The image in grey, `[height, width]`.
  let original: Tensor
  /// 1 where it is known.
  let known: Tensor
  /// What is known, and its mean elsewhere.
  private let start: Tensor

  init(_ path: String, density: Double, seed: UInt64) throws {
    original = mean(try ThalwegTraining.Picture(contentsOf: path).tensor, over: [0])
    let random = Tensor.randomUniform(original.shape, key: Tensor(Double(seed)), dtype: .float32)
    known = (random .< Tensor(density)).to(.float32)
    let count = sum(known).scalar
    guard count > 0 else { throw Failure.usage("--density \(density): no pixel is known") }
    start = known * original + (1 - known) * Tensor(sum(known * original).scalar / count)
  }

  /// What a scheme makes of it with so many evaluations, each as long as it is stable.
  func filled(by scheme: DiffusionScheme, flux: String, evaluations: Int) throws -> Tensor {
    let diffusion = Diffusion(
      .gradient(), flux: FilterOptions.flux(named: flux, contrast: 0.02), coupling: .responses,
      known: known)
    var steps = evaluations
    if case .semiIterative(let cycle) = scheme { steps = evaluations / cycle }
    let unit = try diffusion.certificate(for: scheme, step: 1, on: start.shape).largestStep
    return try DiffusionFilter(
      diffusion, time: 0.95 * unit * Double(steps), scheme: scheme, steps: steps, on: start.shape)(
        start)
  }

  /// What a network makes of it.
  func filled(by network: DenoisingNetwork) -> Tensor {
    let shape = Shape([1, 1] + original.shape.dimensions)
    return network.filled(original.reshaped(to: shape), known: known.reshaped(to: shape))
      .reshaped(to: original.shape)
  }
}
