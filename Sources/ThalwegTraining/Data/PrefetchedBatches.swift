import Dispatch
import Synchronization

/// Batches that are made on another thread while those before are used.
///
///     for batch in Batches(of: training, size: 64, seed: 0).prefetched() { ... }
///
/// They are the same batches in the same order. At most `depth` of them are ahead; where the loop is
/// left, these are finished and forgotten.
public struct PrefetchedBatches: Sequence, Sendable {
  private let batches: Batches
  private let depth: Int

  init(_ batches: Batches, depth: Int) {
    self.batches = batches
    self.depth = depth
  }

  public func makeIterator() -> AnyIterator<Batch> {
    let queue = DispatchQueue(label: "thalweg.batches", qos: .userInitiated)
    var next = batches.start
    var pending: [PendingBatch] = []
    func begin() {
      guard next < batches.count else { return }
      pending.append(PendingBatch(next, of: batches, on: queue))
      next += 1
    }
    for _ in 0..<depth { begin() }
    return AnyIterator {
      guard !pending.isEmpty else { return nil }
      let batch = pending.removeFirst().wait()
      begin()
      return batch
    }
  }
}

extension Batches {
  /// The same batches, some of them made ahead on another thread.
  public func prefetched(depth: Int = 2) -> PrefetchedBatches {
    PrefetchedBatches(self, depth: Swift.max(depth, 1))
  }
}

/// A batch that another thread is making.
private final class PendingBatch: Sendable {
  private let made = Mutex<Batch?>(nil)
  private let isMade = DispatchSemaphore(value: 0)

  init(_ index: Int, of batches: Batches, on queue: DispatchQueue) {
    queue.async {
      let batch = batches.batch(index)
      self.made.withLock { $0 = batch }
      self.isMade.signal()
    }
  }

  /// The batch, once it is there.
  func wait() -> Batch {
    while true {
      isMade.wait()
      if let batch = made.withLock({ $0 }) { return batch }
    }
  }
}
