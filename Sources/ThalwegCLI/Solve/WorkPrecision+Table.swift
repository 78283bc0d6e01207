import Foundation
import ThalwegLaws

extension WorkPrecision {
  /// The runs, a line each.
  var table: String {
    let head = "integrator".padded(to: 24) + "     steps      error  evaluations       time"
    let rows = runs.map { run in
      run.integrator.padded(to: 24)
        + String(format: "%10d  %9.2g  %11d  ", run.steps, run.error, run.evaluations)
        + SolveReport.seconds(run.seconds).aligned(to: 9)
    }
    return ([head] + rows).joined(separator: "\n")
  }
}

extension StandardProblem {
  /// Some of the methods that apply, one of each kind.
  var comparedMethods: [String] {
    let kinds = [
      "euler", "heun", "kutta3", "rk4", "symplectic-euler", "verlet", "leapfrog-consistent",
    ]
    return kinds.filter(methodNames.contains)
  }
}
