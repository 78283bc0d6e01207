import Foundation

/// Writes text to the standard output at once, and says whether that worked.
///
/// A training goes on where its progress cannot be shown; only a lost result is worth an error.
@discardableResult
func output(_ text: String) -> Bool {
  (try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))) != nil
}

/// A number with a fixed number of decimals.
func decimals(_ value: Double, _ count: Int) -> String { String(format: "%.\(count)f", value) }

/// A share in percent.
func percent(_ share: Double) -> String { decimals(100 * share, 2) + " %" }

extension String {
  /// The text with spaces before it.
  func aligned(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
