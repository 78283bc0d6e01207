import ThalwegStability
import ThalwegTensors

/// The derivatives of the parts of a computation, one after the other.
struct Passage {
  private let forth: [LinearMap]
  private let back: [LinearMap]

  init(_ parts: [Linearization]) throws {
    forth = try parts.map { try $0.pushforward() }
    back = try parts.map { try $0.pullback() }
  }

  /// The perturbation of the input that grows most: the first singular vector of the whole.
  ///
  /// - Returns: its growth, and its lengths behind each part but the last, where it begins with 1.
  func largestGrowth() throws -> (factor: Double, lengths: [Double]) {
    let types = forth[0].domain
    let edge = try symmetricEdge(
      of: types.reduce(0) { $0 + $1.count }, target: .rightmost, tolerance: 1e-4
    ) { vector in
      let image = try forth.reduce(leaves(of: vector, types)) { try $1($0) }
      return try back.reversed().reduce(image) { try $1($0) }.flatMap(\.values)
    }
    var (vector, lengths): ([Tensor], [Double]) = (leaves(of: edge.vector, types), [])
    for part in forth.dropLast() {
      vector = try part(vector)
      lengths.append(length(vector))
    }
    // A method may carry a state twice.
    let unit = Swift.max(lengths[0], .leastNormalMagnitude)
    return (Swift.max(0, edge.value).squareRoot(), lengths.map { $0 / unit })
  }

  /// Numbers as tensors of given types.
  private func leaves(of vector: [Double], _ types: [TensorType]) -> [Tensor] {
    var position = 0
    return types.map { type in
      defer { position += type.count }
      return Tensor(
        Array(vector[position..<position + type.count]), shape: type.shape, dtype: type.dtype)
    }
  }

  /// The lengths of a gradient before each step and behind the last one, relative to that at the end.
  func gradientLengths() throws -> [Double] {
    let end = back[back.count - 1]
    var vector = try end(end.domain.map { scatteredDirection($0) })
    let unit = Swift.max(length(vector), .leastNormalMagnitude)
    var lengths = [1.0]
    for part in back.dropLast().dropFirst().reversed() {
      vector = try part(vector)
      lengths.append(length(vector) / unit)
    }
    return lengths.reversed()
  }

  /// Numbers without a pattern, the same in every run.
  private func scatteredDirection(_ type: TensorType) -> Tensor {
    .randomNormal(type.shape, key: 17, dtype: type.dtype)
  }
}
