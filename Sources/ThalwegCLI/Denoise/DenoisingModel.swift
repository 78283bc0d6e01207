import Foundation
import ThalwegTensors
import ThalwegTraining

/// A trained filter, in memory or in a file.
struct DenoisingModel {
  let specification: NetworkSpecification
  var network: DenoisingNetwork

  private static let format = "thalweg-denoise-1"

  init(_ specification: NetworkSpecification, _ network: DenoisingNetwork) {
    self.specification = specification
    self.network = network
  }

  /// Reads a file.
  init(contentsOf path: String) throws {
    let file = try Safetensors(contentsOf: path)
    let expected = "the weights of 'thalweg experiment denoising'"
    guard file.metadata["format"] == Self.format,
      let text = file.metadata["network"],
      let specification = try? JSONDecoder().decode(
        NetworkSpecification.self, from: Data(text.utf8))
    else { throw DataError(path, found: "something else", expected: expected) }
    if let defect = specification.defect {
      throw DataError(path, found: "a network of \(defect)", expected: expected)
    }
    self.specification = specification
    network = specification.network(seed: 1)
    let list = network.leafList
    let leaves = try zip(list.paths, list.tensors).map { name, tensor in
      guard let found = file.tensors[name], found.shape == tensor.shape,
        found.dtype == tensor.dtype, found.values.allSatisfy(\.isFinite)
      else {
        let what = file.tensors[name].map { "shape \($0.shape)" } ?? "nothing"
        throw DataError(
          path, found: "\(what) for \(name)", expected: "finite numbers of shape \(tensor.shape)")
      }
      return found
    }
    network = network.replacingLeaves(with: leaves)
  }

  /// Writes a file.
  func write(to path: String) throws {
    let list = network.leafList
    let tensors = Dictionary(uniqueKeysWithValues: zip(list.paths, list.tensors))
    let metadata = ["format": Self.format, "network": try specification.json]
    try Safetensors(tensors, metadata: metadata).write(to: path)
  }
}
