import ThalwegKernels
import ThalwegNetworks
public import ThalwegTensors

/// Some labelled images as numbers.
public struct Batch: Sendable {
  /// The number of the batch in its epoch, from 0.
  public let index: Int
  /// Which examples of the data set it holds.
  public let indices: [Int]
  /// The images, `[n, channels, height, width]` in single precision.
  public let images: Tensor
  /// The classes, `[n]` in single precision.
  public let labels: Tensor
}

/// The batches of an epoch: every example once, in an order that seed and epoch determine.
///
///     for batch in Batches(of: training, size: 64, seed: 0, epoch: 3) { ... }
///
/// Batches are all of one size. What remains at the end is left out, and is other examples in
/// other epochs; with `keepsRemainder` it is a last, smaller batch.
///
/// Each batch depends on seed, epoch and its index alone, so an epoch can be resumed anywhere.
public struct Batches: Sequence, Sendable {
  private let dataset: Dataset
  private let order: [Int]
  private let size: Int
  private let shifts: RandomShifts?
  /// The number of batches of the whole epoch.
  public let count: Int
  /// The first batch that is made.
  public let start: Int

  /// Creates the batches of an epoch, beginning with a given one.
  ///
  /// Without a seed examples are in the order of the data set. `shift` is by how many rows and
  /// columns images are moved at most, at random.
  ///
  /// - Errors: traps where the size or the shift is out of range.
  public init(
    of dataset: Dataset, size: Int, seed: UInt64? = nil, epoch: Int = 0, shift: Int = 0,
    startingAt start: Int = 0, keepsRemainder: Bool = false
  ) {
    require(size > 0 && shift >= 0 && start >= 0, "batches: size \(size), shift \(shift)")
    self.dataset = dataset
    self.size = size
    self.start = start
    count = (dataset.count + (keepsRemainder ? size - 1 : 0)) / size
    var order = Array(0..<dataset.count)
    if let seed {
      var random = RandomSequence(seed: seed, purpose: .order, epoch: epoch)
      order.shuffle(using: &random)
    }
    self.order = order
    shifts = shift > 0 ? RandomShifts(largest: shift, seed: seed ?? 0, epoch: epoch) : nil
  }

  public func makeIterator() -> AnyIterator<Batch> {
    var next = start
    return AnyIterator {
      guard next < count else { return nil }
      defer { next += 1 }
      return batch(next)
    }
  }

  private func batch(_ index: Int) -> Batch {
    let indices = Array(order[index * size..<Swift.min((index + 1) * size, order.count)])
    let moved = shifts?.shifts(ofBatch: index, count: indices.count) ?? []
    return Batch(
      index: index, indices: indices, images: dataset.images(at: indices, shifts: moved),
      labels: dataset.labels(at: indices))
  }
}

/// By how much the images of a batch are moved.
private struct RandomShifts {
  let largest: Int
  let seed: UInt64
  let epoch: Int

  func shifts(ofBatch index: Int, count: Int) -> [(rows: Int, columns: Int)] {
    var random = RandomSequence(seed: seed, purpose: .shifts(batch: index), epoch: epoch)
    return (0..<count).map { _ in
      (
        .random(in: -largest...largest, using: &random),
        .random(in: -largest...largest, using: &random)
      )
    }
  }
}

/// What random numbers of an epoch are for.
private enum Purpose {
  case order
  case shifts(batch: Int)

  var number: UInt64 {
    switch self {
    case .order: 0
    case .shifts(let batch): UInt64(batch) + 1
    }
  }
}

extension RandomSequence {
  fileprivate init(seed: UInt64, purpose: Purpose, epoch: Int) {
    // The seed of the weights has a purpose of its own: see PDENetwork.
    var outer = RandomSequence(seed: seed, purpose: 2)
    var inner = RandomSequence(seed: outer.next(), purpose: UInt64(epoch))
    self.init(seed: inner.next(), purpose: purpose.number)
  }
}
