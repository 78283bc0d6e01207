import ThalwegKernels
import ThalwegTensors

/// Products with many unit vectors in one pass over a batch, each sample of which has one of them.
struct ColumnPass: Sendable {
  private let linearization: Linearization
  private let map = LazyMap()
  /// How many columns a pass has, which fill the processors and not the memory.
  private static let width = 64

  /// Traces a function of one sample at a batch of equal ones.
  init(at leaves: [Tensor], _ function: ([Tensor]) throws -> [Tensor]) throws {
    for leaf in leaves {
      require(
        leaf.rank > 0 && leaf.shape[0] == 1,
        "Jacobian: a state of shape \(leaf.shape) is not one sample")
    }
    linearization = try Linearization(
      at: leaves.map { concatenate([Tensor](repeating: $0, count: Self.width), along: 0) },
      function)
  }

  /// All entries, column after column.
  func columns(_ size: Int) throws -> [Double] {
    let map = try map.map { try linearization.pushforward() }
    let counts = map.domain.map { $0.count / Self.width }
    var values: [Double] = []
    values.reserveCapacity(size * size)
    for first in stride(from: 0, to: size, by: Self.width) {
      let count = Swift.min(Self.width, size - first)
      let images = try map(units(first, count, counts, map.domain)).map(\.values)
      for sample in 0..<count {
        for (image, count) in zip(images, counts) {
          values += image[sample * count..<(sample + 1) * count]
        }
      }
    }
    return values
  }

  /// A unit vector in each sample, beginning with a given one.
  private func units(
    _ first: Int, _ count: Int, _ counts: [Int], _ types: [TensorType]
  ) -> [Tensor] {
    var begin = 0
    return zip(types, counts).map { type, length in
      var values = [Double](repeating: 0, count: type.count)
      for sample in 0..<count {
        let place = first + sample - begin
        if (0..<length).contains(place) { values[sample * length + place] = 1 }
      }
      begin += length
      return Tensor(values, shape: type.shape, dtype: type.dtype)
    }
  }
}
