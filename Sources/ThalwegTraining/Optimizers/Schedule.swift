import Foundation
import ThalwegKernels

/// How the learning rate changes in the course of training, in units of its largest value.
///
///     optimizer.learningRate = 0.01 * Schedule.cosine.factor(after: 3.5, of: 12)
///     let published = Schedule.steps([.init(from: 60, factor: 0.2), .init(from: 80, factor: 0.04)])
///
/// - Source: cosine: I. Loshchilov, F. Hutter, "SGDR: Stochastic gradient descent with warm
///   restarts", ICLR 2017, arXiv:1608.03983; one cycle: L. N. Smith, N. Topin, "Super-convergence",
///   2017, arXiv:1708.07120.
public enum Schedule: Hashable, Sendable {
  /// The same rate throughout.
  case constant
  /// From 1 to 0 along half a period of the cosine.
  case cosine
  /// From 1/25 to 1 in the first part of the training, then to 0, both along the cosine.
  case oneCycle(warmup: Double)
  /// 1 to begin with, and from some epochs on other factors.
  case steps([Stage])

  /// From when on a factor holds.
  public struct Stage: Hashable, Sendable {
    /// The epochs that are complete when it begins to.
    public let epoch: Int
    /// The factor.
    public let factor: Double

    /// Creates a stage.
    public init(from epoch: Int, factor: Double) {
      self.epoch = epoch
      self.factor = factor
    }
  }

  /// The factor after some of the epochs, which need not be whole.
  ///
  /// - Errors: traps where a warm-up is not in [0, 1).
  public func factor(after epoch: Double, of epochs: Int) -> Double {
    let x = Swift.min(Swift.max(epoch / Double(Swift.max(epochs, 1)), 0), 1)
    switch self {
    case .constant: return 1
    case .cosine: return Self.descent(x)
    case .oneCycle(let warmup):
      require(warmup >= 0 && warmup < 1, "schedule: a warm-up of \(warmup) is not in [0, 1)")
      if x < warmup { return 1 - 0.96 * Self.descent(x / warmup) }
      return Self.descent((x - warmup) / (1 - warmup))
    case .steps(let stages):
      let begun = stages.filter { Double($0.epoch) <= epoch }
      return begun.max { $0.epoch < $1.epoch }?.factor ?? 1
    }
  }

  /// Half a period of the cosine, from 1 to 0.
  private static func descent(_ x: Double) -> Double { (1 + cos(.pi * x)) / 2 }
}
