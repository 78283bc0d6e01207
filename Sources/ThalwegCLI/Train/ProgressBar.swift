import Foundation
import Synchronization
import ThalwegTraining

/// One line that says how far the training has come, drawn over itself; nothing off a terminal.
final class ProgressBar: Sendable {
  private let isShown: Bool
  private let state = Mutex(State())
  /// Seconds from one drawing to the next.
  private static let pause = 0.1

  /// What the bar remembers.
  private struct State {
    /// The number of updates and the time at which the first line was drawn.
    var first: (updates: Int, seconds: Double)?
    /// When the last line was drawn.
    var last = -Double.infinity
  }

  private static let width = 24

  init() {
    isShown =
      isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Draws the line.
  func show(_ progress: TrainingProgress, of batches: Int, _ epochs: Int, seconds: Double) {
    guard isShown, isDue(seconds) else { return }
    let total = batches * epochs
    let done = Swift.min(progress.updates, total)
    let filled = Self.width * done / Swift.max(total, 1)
    let bar =
      String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    output(
      "\r[\(bar)] epoch \(progress.epoch + 1)/\(epochs)  loss \(decimals(progress.loss, 4))"
        + "  accuracy \(percent(progress.accuracy))"
        + "  \(timeLeft(done, total, seconds)) left \u{1b}[K")
  }

  /// Whether the last line is old enough; terminals are slow.
  private func isDue(_ seconds: Double) -> Bool {
    state.withLock { state in
      guard seconds - state.last >= Self.pause else { return false }
      state.last = seconds
      return true
    }
  }

  /// Removes the line.
  func clear() {
    if isShown { output("\r\u{1b}[K") }
  }

  /// The time to the end at the pace since the first line, which leaves out compilation.
  private func timeLeft(_ done: Int, _ total: Int, _ seconds: Double) -> String {
    let start = state.withLock { state in
      let first = state.first ?? (done, seconds)
      state.first = first
      return first
    }
    guard done > start.updates else { return "?" }
    let left = (seconds - start.seconds) / Double(done - start.updates) * Double(total - done)
    let whole = Int(left.rounded(.up))
    return whole < 100 ? "\(whole) s" : "\((whole + 59) / 60) min"
  }
}
