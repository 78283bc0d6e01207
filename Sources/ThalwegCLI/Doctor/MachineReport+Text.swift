import ThalwegTraining

extension MachineReport {
  /// Lines for people.
  var text: String {
    func gibibytes(_ bytes: Int) -> String { decimals(Double(bytes) / Double(1 << 30), 1) }
    let amounts = memory.map {
      "\(gibibytes($0.available)) of \(gibibytes($0.total)) GiB available"
    }
    let lines: KeyValuePairs = [
      "processor": processor, "instructions": features.joined(separator: " "),
      "kernels": level, "chains": hasMachineCode ? "machine code" : "interpreted",
      "OpenBLAS": blas, "its core type": blasCore,
      "threads": "\(threads) of \(processors) processors",
      "load": load.map { decimals($0, 2) } ?? "unknown", "memory": amounts ?? "unknown",
      "gnuplot": gnuplot ?? "none",
    ]
    let facts = lines.map { "\($0.key.padded(to: 14)) \($0.value)" }
    let warnings = warnings.map { "warning: \($0)" }
    return (facts + [""] + (warnings.isEmpty ? ["Nothing makes it slow."] : warnings))
      .joined(separator: "\n")
  }

  /// The same for programs.
  var json: JSON {
    .object([
      "result": .string("doctor"), "processor": .string(processor),
      "features": .array(features.map { .string($0) }), "kernels": .string(level),
      "machine_code": .boolean(hasMachineCode), "openblas": .string(blas),
      "openblas_core": .string(blasCore), "threads": .integer(threads),
      "processors": .integer(processors), "load": load.map { .number($0) } ?? .null,
      "memory_bytes": memory.map { .integer($0.total) } ?? .null,
      "available_bytes": memory.map { .integer($0.available) } ?? .null,
      "gnuplot": gnuplot.map { .string($0) } ?? .null,
      "warnings": .array(warnings.map { .string($0) }),
    ])
  }
}
