import Dispatch
import Foundation
import Synchronization

/// Whether Ctrl-C was pressed.
///
/// The first time asks the training to save and stop; the second ends the program at once.
final class StopRequest {
  private let count: Counter
  private let sources: [any DispatchSourceSignal]

  /// Counts signals, also after the request is gone.
  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  init() {
    let count = Counter()
    self.count = count
    sources = [SIGINT, SIGTERM].map { number in
      // The source sees signals only where their usual effect is off.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        if count.value.add(1, ordering: .relaxed).oldValue > 0 { exit(130) }
      }
      source.resume()
      return source
    }
  }

  /// Whether the training should stop.
  var isRequested: Bool { count.value.load(ordering: .relaxed) > 0 }
}
