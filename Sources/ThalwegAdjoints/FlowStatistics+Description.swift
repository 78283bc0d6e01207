extension FlowStatistics: CustomStringConvertible {
  /// Steps, evaluations and memory; on a second line what solvers and gradients took, if anything.
  public var description: String {
    var integration = ["\(steps) steps" + controlled, "\(evaluations) evaluations"]
    if events > 0 { integration.append("\(events) events") }
    integration.append("\(arenaBytes) bytes")
    let lines = [integration, solvers + reversal].filter { !$0.isEmpty }
    return lines.map { $0.joined(separator: ", ") }.joined(separator: "\n")
  }

  private var controlled: String {
    guard let smallestStep, let largestStep else {
      return rejected > 0 ? " (\(rejected) rejected)" : ""
    }
    return " from \(smallestStep) to \(largestStep) (\(rejected) rejected)"
  }

  private var solvers: [String] {
    let counts = [
      ("Newton iterations", newtonIterations), ("Krylov iterations", krylovIterations),
      ("jvps", jvps), ("vjps", vjps),
    ]
    return counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
  }

  private var reversal: [String] {
    let limited = stability.map { "\($0.limitedSteps) steps limited by stability" }
    let error = reconstructionError.map { "reconstructed to a relative error of \($0)" }
    return [limited, error].compactMap { $0 }
  }
}
