import Synchronization

/// Counts how often a function is traced.
final class TraceCount: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }
  func increase() { count.withLock { $0 += 1 } }
}
