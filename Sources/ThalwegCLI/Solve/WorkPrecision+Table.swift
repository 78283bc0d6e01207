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
  /// Some of the methods that apply, one of each kind; of stiff problems implicit ones.
  var comparedMethods: [String] {
    let stiff = ["tr-bdf2", "kvaerno3", "kvaerno4", "kvaerno5", "kencarp4", "radau5"]
    let others = [
      "euler", "heun", "rk4", "symplectic-euler", "verlet", "leapfrog-consistent",
      "bogacki-shampine3", "dormand-prince5", "tsitouras5", "verner6", "dormand-prince8",
    ]
    let kinds = isStiff ? stiff : others
    return kinds.filter(methodNames.contains)
  }
}
