public import ThalwegStability

/// What one step of a block does to perturbations.
public struct StepReport: Sendable {
  /// The block, from 0.
  public let block: Int
  /// The step within the block, from 0.
  public let step: Int
  /// The time at which the step begins.
  public let time: Double
  /// The norms ‖K‖ of the convolutions of the step.
  public let kernelNorms: [Double]
  /// Eigenvalues of the Jacobian of the dynamics at the beginning of the step.
  public let spectrum: Spectrum
  /// The largest magnitude of an eigenvalue of the step itself: |R(hλ)| at most.
  public let amplification: Double
  /// Whether the step amplifies no eigenvalue that decays or oscillates.
  public let isStable: Bool
  /// The largest step that would amplify none of them.
  public let largestStableStep: Double
  /// The length of the state after the step, relative to that before it.
  public let normRatio: Double
  /// The energy before and after the step, of layers for which one is known.
  public let energy: (before: Double, after: Double)?
  /// The length of a perturbation of the block's input after the step: of the one that grows most
  /// through the block, relative to what it was.
  public let perturbation: Double
  /// The length of the gradient before the step, relative to that behind the block.
  public let gradient: Double

  /// The change of the energy in the step, relative to its size.
  public var energyDrift: Double? {
    energy.map { ($0.after - $0.before) / Swift.max($0.before.magnitude, .leastNormalMagnitude) }
  }
}
