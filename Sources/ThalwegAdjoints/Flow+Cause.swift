import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// The error of equations that are solved before the first step: what a method begins with, or an
  /// evaluation of the dynamics that tells how long that step may be.
  func beginningError(_ error: RootError, _ y: State) -> IntegrationError {
    let squares = y.leaves.flatMap(\.values).map { $0 * $0 }
    return IntegrationError(
      IntegrationError.Reason(error.reason), time: start, step: 0, of: steps, stepSize: stepSize,
      norm: squares.reduce(0, +).squareRoot())
  }

  /// The error of an initial state or parameters that are not finite, where these are behind the
  /// failure of an integration; otherwise the failure.
  func cause(of error: IntegrationError, _ y: State) -> IntegrationError {
    switch error.reason {
    case .nonFiniteState, .stepUnderflow, .newtonDivergence, .krylovBreakdown, .singularJacobian:
      break
    default: return error
    }
    // A flow may have used an infinite parameter on purpose, as a bound, and failed for another reason.
    guard error.step <= 1 else { return error }
    let reason =
      Self.firstNonFinite(in: y.leafList).map {
        IntegrationError.Reason.nonFiniteStart(component: $0.name, value: $0.value)
      }
      ?? Self.firstNonFinite(in: leafList).map {
        .nonFiniteParameter(name: $0.name, value: $0.value)
      }
    guard let reason else { return error }
    return IntegrationError(
      reason, time: start, step: 0, of: steps, stepSize: stepSize, norm: .nan)
  }

  private static func firstNonFinite(in list: LeafList) -> (name: String, value: Double)? {
    for (tensor, path) in zip(list.tensors, list.paths) {
      let values = tensor.values
      guard let element = values.firstIndex(where: { !$0.isFinite }) else { continue }
      return (path + index(element, in: tensor.shape), values[element])
    }
    return nil
  }
}
