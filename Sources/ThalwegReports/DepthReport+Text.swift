import Foundation
import ThalwegStability

extension DepthReport: CustomStringConvertible {
  public var description: String {
    let c = configuration
    let head =
      "\(c.dynamics.rawValue) network, \(c.integrator.rawValue), \(blocks.count)"
      + " block\(blocks.count == 1 ? "" : "s") of \(c.steps) steps over \(short(c.span))"
    return ([head] + blocks.map(text) + ["", "Advice"] + advice.map { "- \($0)" })
      .joined(separator: "\n")
  }

  private func text(_ block: BlockReport) -> String {
    let title =
      "\nBlock \(block.block + 1): h = \(short(block.stepSize)), perturbations grow by at most"
      + " \(short(block.amplification)) (Lyapunov exponent \(short(block.lyapunovExponent))),"
      + " gradients by \(short(block.adjointGrowth)), stiffness \(short(block.stiffnessRatio))"
    let names = [
      "step", "||K||", "Re from", "Re to", "Im to", "|R(hl)|", "stable", "h at most", "energy",
      "perturbation", "gradient",
    ]
    let rows = [title, tableRow(names)] + block.steps.map { tableRow(cells($0)) }
    return (rows + block.steps.compactMap(unconverged)).joined(separator: "\n")
  }

  private func cells(_ step: StepReport) -> [String] {
    let spectrum = step.spectrum
    let values = zip(spectrum.cleaned, spectrum.isSettled).filter(\.1).map(\.0)
    return [
      "\(step.step + 1)\(spectrum.isConverged ? "" : "*")", short(step.kernelNorms.max() ?? 0),
      values.map(\.real).min().map(short) ?? "-", values.map(\.real).max().map(short) ?? "-",
      values.map(\.imaginary.magnitude).max().map(short) ?? "-",
      short(step.amplification),
      step.isStable ? "yes" : "NO", short(step.largestStableStep),
      step.energyDrift.map { "\($0 < 0 ? "" : "+")\(short(100 * $0)) %" } ?? "-",
      short(step.perturbation), short(step.gradient),
    ]
  }

  /// What is missing of the eigenvalues of a step, if anything is.
  private func unconverged(_ step: StepReport) -> String? {
    guard !step.spectrum.isConverged else { return nil }
    let remarks = step.spectrum.remarks.map(\.description).joined(separator: "; ")
    return "* step \(step.step + 1): not all eigenvalues converged (\(remarks)); those that did are"
      + " shown, and the others may lie farther left or right; the limits of the step take estimates too"
  }
}
