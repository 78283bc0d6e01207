import Foundation

/// What the steps of a block do together.
public struct BlockReport: Sendable {
  /// The block, from 0.
  public let block: Int
  /// The size of its steps.
  public let stepSize: Double
  /// The time that it spans.
  public let span: Double
  /// The steps.
  public let steps: [StepReport]
  /// By how much the perturbation of the input that grows most has grown at the end.
  public let amplification: Double
  /// By how much the gradient of a random function of the output grows on its way to the input.
  public let adjointGrowth: Double

  /// The exponent of the fastest growth over the block, ln(amplification) / span: the Lyapunov exponent
  /// of finite time.
  public var lyapunovExponent: Double { log(amplification) / span }
  /// The largest magnitude of an eigenvalue times the span: how much faster than the block the fastest
  /// component is.
  public var stiffnessRatio: Double { radius * span }
  /// The largest magnitude of an eigenvalue in all steps.
  public var radius: Double { steps.map(\.spectrum.radius).max() ?? 0 }
  /// The largest norm of a convolution.
  public var largestNorm: Double { steps.flatMap(\.kernelNorms).max() ?? 0 }
  /// The steps that amplify what should not grow.
  public var unstableSteps: [Int] { steps.filter { !$0.isStable }.map(\.step) }
  /// The largest change of the energy in a step, relative to its size.
  public var largestEnergyDrift: Double? {
    steps.compactMap { $0.energyDrift?.magnitude }.max()
  }
}
