import Foundation
import Synchronization

/// A line on the terminal that says how long work may still take.
///
/// It appears after two seconds, so that short work leaves nothing behind, and on the error output,
/// so that results stay clean. Off a terminal there is nothing.
final class SolveProgress: Sendable {
  /// How far the work is.
  private struct State {
    var text: String
    var share: Double?
    var isDone = false
  }

  private let state: Mutex<State>
  private let begin = ContinuousClock.now
  /// Seconds that the whole is expected to take, where that is known.
  private let expected: Double?
  private let isShown: Bool

  /// Begins to watch.
  init(_ text: String, expected: Double? = nil) {
    state = Mutex(State(text: text))
    self.expected = expected
    isShown =
      isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    if isShown { Thread.detachNewThread { [self] in watch() } }
  }

  /// Tells what is being done, and how much of everything is.
  func show(_ text: String, share: Double) {
    state.withLock {
      $0.text = text
      $0.share = share
    }
  }

  /// Removes the line; nothing is drawn afterwards.
  func finish() {
    state.withLock { state in
      guard !state.isDone else { return }
      state.isDone = true
      if isShown, seconds > Self.patience { write("\r\u{1B}[K") }
    }
  }

  private static let patience = 2.0

  private var seconds: Double { (ContinuousClock.now - begin) / .seconds(1) }

  private func watch() {
    while true {
      Thread.sleep(forTimeInterval: 0.2)
      let isDone = state.withLock { state in
        if !state.isDone, seconds > Self.patience { write("\r\u{1B}[K\(line(state))") }
        return state.isDone
      }
      if isDone { return }
    }
  }

  private func line(_ state: State) -> String {
    let share = state.share ?? expected.map { seconds / Swift.max($0, 1e-9) }
    return "\(state.text)  \(Self.remaining(after: seconds, share: share))"
  }

  /// What is left of work of which a share took so many seconds, in words.
  static func remaining(after seconds: Double, share: Double?) -> String {
    guard let share, share > 0, share < 1 else { return "since \(Int(seconds)) s" }
    let left = Int((seconds * (1 - share) / share).rounded(.up))
    return (left < 100 ? "\(left) s" : "\((left + 59) / 60) min") + " left"
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
