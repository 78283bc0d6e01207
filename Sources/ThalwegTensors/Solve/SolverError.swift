package import ThalwegKernels

/// What becomes of a solver that does not succeed.
package final class SolverError: Sendable {
  package let error: @Sendable (LoopFailure) -> any Error

  package init(_ error: @escaping @Sendable (LoopFailure) -> any Error) { self.error = error }
}

extension SystemForm {
  /// The form of unknowns, the leaves of which must be of one type.
  init(_ leaves: [Tensor], systems: Int) {
    let dtype = leaves.first?.dtype ?? .float64
    require(
      leaves.allSatisfy { $0.dtype == dtype }, "solver: leaves of types \(leaves.map(\.type))")
    require(
      systems == 1 || leaves.allSatisfy { $0.shape.first == systems },
      "solver: leaves \(leaves.map(\.type)) have no common leading axis of \(systems) systems")
    self.init(leaves: leaves.map(\.count), systems: systems, dtype: dtype)
  }
}

/// The line of a solver in the listing of a plan, and under it those of its programs.
func solverLabel(_ title: String, _ parts: [(name: String, plan: Plan)]) -> String {
  let lines = parts.flatMap { name, plan in
    ["\n     \(name)"] + plan.program.listing.map { "\n       \($0)" }
  }
  return title + lines.joined()
}
