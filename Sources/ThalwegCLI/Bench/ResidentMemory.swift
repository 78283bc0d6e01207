import CThalwegMeter
import Foundation

/// The memory that a piece of work takes beyond what was there before.
enum ResidentMemory {
  /// The growth of the resident set over a piece of work, in MiB; none where the system does not
  /// say.
  ///
  /// The high-water mark is set back and the heap trimmed before.
  static func growth(_ work: () throws -> Void) rethrows -> Double? {
    tw_meter_trim()
    reset()
    let before = bytes("VmRSS:")
    try work()
    guard let before, let peak = bytes("VmHWM:") else { return nil }
    return Double(peak - before) / 1_048_576
  }

  /// The most memory that was resident so far.
  static var peakBytes: Int? { bytes("VmHWM:") }

  private static func reset() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  private static func bytes(_ name: String) -> Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix(name) }
    let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" })
    return words?.dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }
}
