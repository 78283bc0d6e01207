import ThalwegKernels
package import ThalwegTraining

extension DepthReport {
  /// The report as a JSON object on one line.
  public var json: String { "\(object)" }

  package var object: JSON {
    .object([
      "result": .string("depth-report"),
      "network": .string(configuration.dynamics.rawValue),
      "integrator": .string(configuration.integrator.rawValue),
      "steps": .integer(configuration.steps), "span": .number(configuration.span),
      "stable": .boolean(isStable), "blocks": .array(blocks.map(object)),
      "advice": .array(advice.map { .string($0) }),
    ])
  }

  private func object(_ block: BlockReport) -> JSON {
    .object([
      "block": .integer(block.block + 1), "step_size": .number(block.stepSize),
      "amplification": .number(block.amplification),
      "lyapunov_exponent": .number(block.lyapunovExponent),
      "adjoint_growth": .number(block.adjointGrowth),
      "stiffness_ratio": .number(block.stiffnessRatio),
      "steps": .array(block.steps.map(object)),
    ])
  }

  private func object(_ step: StepReport) -> JSON {
    // What did not converge is said by the residual and the remarks, and is no eigenvalue.
    let settled = step.spectrum.settled
    return .object([
      "step": .integer(step.step + 1), "time": .number(step.time),
      "kernel_norms": .array(step.kernelNorms.map { .number($0) }),
      "radius": .number(step.spectrum.radius),
      "abscissa": settled.map(\.real).max().map { .number($0) } ?? .null,
      "leftmost": settled.map(\.real).min().map { .number($0) } ?? .null,
      "eigenvalues": .array(
        settled.map { .array([.number($0.real), .number($0.imaginary)]) }),
      "residual": .number(step.spectrum.residual),
      "converged": .boolean(step.spectrum.isConverged),
      "remarks": .array(step.spectrum.remarks.map { .string("\($0)") }),
      "amplification": .number(step.amplification), "stable": .boolean(step.isStable),
      "largest_stable_step": .number(step.largestStableStep),
      "norm_ratio": .number(step.normRatio),
      "energy_drift": step.energyDrift.map { .number($0) } ?? .null,
      "perturbation": .number(step.perturbation), "gradient": .number(step.gradient),
    ])
  }
}
