import Foundation
public import ThalwegTensors

/// The solution of a ``GridEquation`` and how it was reached.
public struct MultigridSolution: Sendable {
  /// The solution.
  public let state: Tensor
  /// The relative residual at the beginning and after each cycle.
  public let residuals: [Double]

  /// The mean factor by which a cycle makes the residual smaller, without the first one.
  public var convergenceFactor: Double {
    guard residuals.count > 2, let last = residuals.last else { return residuals.last ?? 0 }
    return Foundation.pow(last / residuals[1], 1 / Double(residuals.count - 2))
  }
}
