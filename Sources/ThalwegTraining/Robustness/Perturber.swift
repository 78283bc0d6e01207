import Foundation
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors

/// Perturbs images so that a model errs.
struct Perturber<Model: Layer> {
  private let perturbation: Perturbation
  private let model: Model
  /// Where pixels stay, if anywhere.
  private let range: ClosedRange<Double>?
  private let gradient: CompiledFunction<Tensor, Model, Tensor, Tensor>
  /// A step of several is this share of the whole way, by which they can reach its end from anywhere.
  private static var reach: Double { 2.5 }

  init(_ perturbation: Perturbation, of model: Model, range: ClosedRange<Double>?) {
    self.perturbation = perturbation
    self.model = model
    self.range = range
    gradient = compile { (model: Model, images: Tensor, labels: Tensor) in
      ThalwegTensors.gradient(at: images) { softmaxCrossEntropy(model($0), labels) }
    }
  }

  /// The images perturbed; the seed determines the noise.
  func callAsFunction(_ images: Tensor, _ labels: Tensor, seed: UInt64) throws -> Tensor {
    switch perturbation {
    case .none: return images
    case .noise(let deviation): return kept(images + deviation * noise(images, seed))
    case .sign(let size):
      return kept(images + size * sign(try gradient(model, images, labels)))
    case .projected(let size, let steps):
      require(steps > 0, "perturbation: \(steps) steps")
      let length = Self.reach * size / Double(steps)
      var moved = images
      for _ in 0..<steps {
        let way = moved + length * sign(try gradient(model, moved, labels)) - images
        moved = kept(images + max(min(way, Tensor(size)), Tensor(-size)))
      }
      return moved
    }
  }

  private func kept(_ images: Tensor) -> Tensor {
    guard let range else { return images }
    return max(min(images, Tensor(range.upperBound)), Tensor(range.lowerBound))
  }

  /// Normal numbers, two from a point of the unit square.
  private func noise(_ images: Tensor, _ seed: UInt64) -> Tensor {
    var random = RandomSequence(seed: seed, purpose: 4)
    var numbers: [Double] = []
    while numbers.count < images.count {
      let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
      let angle = 2 * Double.pi * Double.random(in: 0..<1, using: &random)
      numbers += [radius * cos(angle), radius * sin(angle)]
    }
    return Tensor(Array(numbers.prefix(images.count)), shape: images.shape, dtype: images.dtype)
  }
}
