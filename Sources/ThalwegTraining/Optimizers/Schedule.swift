import Foundation
import ThalwegKernels

/// How the learning rate changes in the course of training, in units of its largest value.
///
///     optimizer.learningRate = 0.01 * Schedule.oneCycle(warmup: 0.2).factor(at: progress)
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

  /// The factor at a time between 0, the beginning, and 1, the end.
  public func factor(at progress: Double) -> Double {
    let x = Swift.min(Swift.max(progress, 0), 1)
    switch self {
    case .constant: return 1
    case .cosine: return Self.descent(x)
    case .oneCycle(let warmup):
      require(warmup >= 0 && warmup < 1, "schedule: a warm-up of \(warmup) is not in [0, 1)")
      if x < warmup { return 1 - 0.96 * Self.descent(x / warmup) }
      return Self.descent((x - warmup) / (1 - warmup))
    }
  }

  /// Half a period of the cosine, from 1 to 0.
  private static func descent(_ x: Double) -> Double { (1 + cos(.pi * x)) / 2 }
}
