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
  private let seed: UInt64
  private let epoch: Int
  private let augmentation: Augmentation
  /// The number of batches of the whole epoch.
  public let count: Int
  /// The first batch that is made.
  public let start: Int

  /// Creates the batches of an epoch, beginning with a given one.
  ///
  /// Without a seed examples are in the order of the data set.
  ///
  /// - Errors: traps where the size is not positive or the start is negative.
  public init(
    of dataset: Dataset, size: Int, seed: UInt64? = nil, epoch: Int = 0,
    augmentation: Augmentation = Augmentation(), startingAt start: Int = 0,
    keepsRemainder: Bool = false
  ) {
    require(size > 0 && start >= 0, "batches: size \(size), starting at \(start)")
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
    self.seed = seed ?? 0
    self.epoch = epoch
    self.augmentation = augmentation
  }

  public func makeIterator() -> AnyIterator<Batch> {
    var next = start
    return AnyIterator {
      guard next < count else { return nil }
      defer { next += 1 }
      return batch(next)
    }
  }

  /// A batch of the epoch.
  func batch(_ index: Int) -> Batch {
    let indices = Array(order[index * size..<Swift.min((index + 1) * size, order.count)])
    var random = RandomSequence(seed: seed, purpose: .distortions(batch: index), epoch: epoch)
    let distortions =
      augmentation.isNone ? [] : indices.map { _ in augmentation.distortion(using: &random) }
    return Batch(
      index: index, indices: indices, images: dataset.images(at: indices, distortions: distortions),
      labels: dataset.labels(at: indices))
  }
}

/// What random numbers of an epoch are for.
private enum Purpose {
  case order
  case distortions(batch: Int)

  var number: UInt64 {
    switch self {
    case .order: 0
    case .distortions(let batch): UInt64(batch) + 1
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
