/// What can go wrong while measuring.
enum BenchError: Error, CustomStringConvertible {
  case childFailed(String, Int32)
  case targetMissed(String, Double)
  case unknownChild(String)
  case unknownProblem(String)
  case wrongResults(String, [String])

  var description: String {
    switch self {
    case .childFailed(let form, let status):
      "bench memory: the process that measures \(form) ended with status \(status)"
    case .targetMissed(let name, let target):
      "bench: \(name) does not reach an error of \(target)"
    case .unknownChild(let form): "bench memory: no configuration \(form)"
    case .unknownProblem(let name): "bench adaptive: no problem \(name)"
    case .wrongResults(let workload, let names):
      "bench \(workload): results differ from the reference by more than rounding: "
        + names.joined(separator: "; ")
    }
  }
}
