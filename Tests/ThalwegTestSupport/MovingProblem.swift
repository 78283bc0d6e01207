import Foundation
public import Thalweg

/// A problem in two components, nonlinear and dependent on time, whose solution is cos t, sin 2t.
public enum MovingProblem {
  /// The dynamics.
  public static let field = ODE { t, y in
    let (x, z) = (y[0] - cos(t), y[1] - sin(2 * t))
    return [2 * sin(z) - sin(t), 2 * cos(2 * t) - 2 * sin(x)]
  }

  /// The solution.
  public static func exact(_ t: Double) -> Tensor {
    Tensor([Foundation.cos(t), Foundation.sin(2 * t)])
  }

  /// The estimate of the error of a step from 0.4.
  public static func estimate<Method: EmbeddedIntegrator<ODE<Tensor>>>(
    of method: Method, by h: Double
  ) -> Double {
    let carry = method.start(field, at: 0.4, from: exact(0.4), by: Tensor(h))
    let attempt = method.attempt(field, at: 0.4, from: carry, by: Tensor(h))
    return largest(attempt.error)
  }

  /// The largest error of values inside a step from 0.4.
  public static func denseError<Method: EmbeddedIntegrator<ODE<Tensor>>>(
    of method: Method, by h: Double
  ) -> Double {
    let carry = method.start(field, at: 0.4, from: exact(0.4), by: Tensor(h))
    let attempt = method.attempt(field, at: 0.4, from: carry, by: Tensor(h))
    return [0.2, 0.5, 0.9].map { part in
      let value = method.interpolate(
        attempt.dense, from: carry, to: attempt.next, at: Tensor(part), by: Tensor(h))
      return largest(value - exact(0.4 + part * h))
    }.reduce(0, Swift.max)
  }

  /// The power with which an error falls from a step to half of it.
  public static func power(at h: Double, of error: (Double) -> Double) -> Double {
    log2(error(h) / error(h / 2))
  }

  private static func largest(_ values: Tensor) -> Double {
    values.values.map(Swift.abs).reduce(0, Swift.max)
  }
}
