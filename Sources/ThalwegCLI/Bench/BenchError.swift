/// What can go wrong while measuring.
enum BenchError: Error, CustomStringConvertible {
  case childFailed(String, Int32)
  case unknownChild(String)
  case wrongResults(String, [String])

  var description: String {
    switch self {
    case .childFailed(let form, let status):
      "bench memory: the process that measures \(form) ended with status \(status)"
    case .unknownChild(let form): "bench memory: no configuration \(form)"
    case .wrongResults(let workload, let names):
      "bench \(workload): results differ from the reference by more than rounding: "
        + names.joined(separator: "; ")
    }
  }
}
