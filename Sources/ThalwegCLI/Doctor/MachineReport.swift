import Foundation
import ThalwegKernels
import ThalwegTraining

/// What is known of the machine, and what of it makes computations slow.
struct MachineReport {
  /// The name of the processor, and those of its instructions that matter here.
  let processor: String
  let features: [String]
  let level = Machine.level
  let hasMachineCode = Machine.hasMachineCode
  /// The words of OpenBLAS about itself, its version the second of them.
  let blas = Machine.blasConfiguration
  let blasCore = Machine.blasCore
  let wantedCore = environmentVariable("OPENBLAS_CORETYPE")
  let threads = Threads.count
  let wantedThreads = environmentVariable("THALWEG_THREADS")
  let processors = Threads.processors
  /// How many processes want a processor, on average over a minute.
  let load: Double?
  let memory: (total: Int, available: Int)?
  let gnuplot: String?

  /// The instructions that there are kernels for, as Linux calls them.
  private static let known = [
    "sse2", "avx", "fma", "avx2", "avx512f", "avx512vl", "avx512dq", "avx512bw",
  ]

  init() {
    let facts = Self.table("/proc/cpuinfo")
    processor = facts["model name"] ?? "unknown"
    let flags = Set((facts["flags"] ?? "").split(separator: " ").map(String.init))
    features = Self.known.filter(flags.contains)
    load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?
      .split(separator: " ").first.flatMap { Double($0) }
    let amounts = Self.table("/proc/meminfo")
    func bytes(_ name: String) -> Int? {
      amounts[name]?.split(separator: " ").first.flatMap { Int($0) }.map { $0 << 10 }
    }
    if let total = bytes("MemTotal"), let available = bytes("MemAvailable") {
      memory = (total, available)
    } else {
      memory = nil
    }
    gnuplot = (environmentVariable("PATH") ?? "").split(separator: ":").map { "\($0)/gnuplot" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The names and values of a file that has them with colons between, the first of each name.
  private static func table(_ path: String) -> [String: String] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return (
        parts[0].trimmingCharacters(in: .whitespaces),
        parts[1].trimmingCharacters(in: .whitespaces)
      )
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// What makes computations slow or incomplete, and how to mend it.
  var warnings: [String] {
    var warnings: [String] = []
    if level != "avx512" {
      warnings.append("the processor has no AVX-512: kernels for \(level) instructions are used")
    }
    if !hasMachineCode {
      warnings.append(
        environmentVariable("THALWEG_MACHINE_CODE") == "off"
          ? "THALWEG_MACHINE_CODE is off: chains of operations are interpreted; unset it"
          : "chains of operations are interpreted: machine code is made for x86-64 with AVX-512")
    }
    if let wantedCore {
      warnings.append(
        "OPENBLAS_CORETYPE is \(wantedCore): OpenBLAS does not choose by the processor; unset it")
    } else if level == "avx512", !Self.wideCores.contains(blasCore.lowercased()) {
      warnings.append(
        "OpenBLAS takes the processor for \(blasCore), without AVX-512; a newer version may not")
    }
    if let wantedThreads, Int32(wantedThreads) == nil {
      warnings.append("THALWEG_THREADS is '\(wantedThreads)', no number: it is ignored")
    }
    if threads != processors {
      let effect = threads > processors ? "they take turns" : "some processors stay idle"
      warnings.append("\(threads) threads for \(processors) processors: \(effect)")
    }
    if let load, load > 0.5 * Double(processors) {
      warnings.append(
        "other processes are at work (load \(decimals(load, 1))): measurements will vary")
    }
    if let memory, memory.available < 1 << 30 {
      warnings.append("less than 1 GiB of memory is free: large batches may not fit")
    }
    if gnuplot == nil {
      warnings.append("there is no gnuplot: reports have no pictures; apt-get install gnuplot-nox")
    }
    return warnings
  }

  /// The processors for which OpenBLAS uses AVX-512.
  private static let wideCores: Set = ["skylakex", "cooperlake", "sapphirerapids"]
}
