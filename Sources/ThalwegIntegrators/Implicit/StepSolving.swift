/// A method whose steps solve equations, as well as the errors of the steps deserve.
package protocol StepSolving: Sendable {
  /// The method for steps of which so large an error is allowed.
  func following(_ steps: Tolerance) -> Self
}
