import Foundation
import Testing
import ThalwegCLI
import ThalwegKernels
import ThalwegTraining

/// Readers survive whatever files hold: they read a file or throw their typed error.
///
/// THALWEG_FUZZ says how many files of each format are tried, and then a line for each is printed.
@Suite(.serialized) struct FuzzTests {
  private static let wanted = environmentVariable("THALWEG_FUZZ").flatMap { Int($0) }

  /// The slowest file may take so long, in milliseconds, on a busy machine.
  private static let patience = 2000.0
  /// The memory that readers of files of a kilobyte may take, in bytes.
  private static let room = 256 << 20

  @Test(arguments: FuzzFormat.all)
  func `mutated files are read or refused`(format: FuzzFormat) throws {
    for seed in format.seeds {
      #expect(throws: Never.self) { try format.read(seed) }
    }
    var mutator = Mutator(format, seed: 20)
    var (accepted, slowest) = (0, 0.0)
    let count = Self.wanted ?? 3000
    let before = Self.memory(isReset: true)
    for _ in 0..<count {
      let bytes = mutator.next()
      let start = ContinuousClock.now
      do {
        try format.read(bytes)
        accepted += 1
      } catch {
        #expect(
          error is DataError || error is SafetensorsError || error is GunzipError
            || error is JSONError || error is FlagFileError, "\(error)")
      }
      slowest = max(slowest, (ContinuousClock.now - start) / .milliseconds(1))
    }
    let growth = max(0, Self.memory(isReset: false) - before)
    #expect(accepted < count && slowest < Self.patience)
    // Other tests take memory at the same time, unless this one runs alone.
    if Self.wanted != nil {
      #expect(growth < Self.room)
      print(
        "| \(format.name) | \(count) | \(accepted) | \(count - accepted) | 0 |"
          + " \(String(format: "%.1f", slowest)) | \(String(format: "%.1f", Double(growth) / 1e6)) |"
      )
    }
  }

  /// The memory that is resident now, from which the largest is counted, or the largest.
  private static func memory(isReset: Bool) -> Int {
    if isReset, let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") {
      try? file.write(contentsOf: Data("5".utf8))
      try? file.close()
    }
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first {
      $0.hasPrefix(isReset ? "VmRSS:" : "VmHWM:")
    }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0)
      << 10
  }

  @Test func `a compressed file of very many streams is read in time`() throws {
    // gzip of nothing
    let empty: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let bytes = Array(repeatElement(empty, count: 20_000).joined())
    let start = ContinuousClock.now
    #expect(try gunzip(bytes, limit: 1 << 20).isEmpty)
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test func `pixels that a file cannot hold are refused before memory is taken`() {
    // 11,000 x 11,000 pixels are below the limit for whole images.
    var huge = ImageFiles.grey
    huge.replaceSubrange(16..<24, with: [0, 0, 0x2a, 0xf8, 0, 0, 0x2a, 0xf8])
    #expect(throws: DataError.self) { try Picture(bytes: huge, path: "a") }
  }

  @Test func `a length beside 0 that has no strides is refused`() {
    let header =
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,4],\"data_offsets\":[0,0]}}"
    let length = [UInt8(header.utf8.count)] + [UInt8](repeating: 0, count: 7)
    #expect(throws: SafetensorsError.self) {
      try Safetensors(bytes: length + Array(header.utf8))
    }
  }
}
