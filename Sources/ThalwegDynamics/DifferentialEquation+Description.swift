import ThalwegTensors

extension DifferentialEquation {
  /// The type of the equation and those of its parameters, as equations made of closures print it.
  public var description: String {
    let types = leaves.map { "\($0.type)" }
    guard !types.isEmpty else { return "\(Self.self) without parameters" }
    let shown = types.prefix(6).joined(separator: ", ")
    let rest = types.count > 6 ? " and \(types.count - 6) more" : ""
    return "\(Self.self) with parameters \(shown)\(rest)"
  }
}

extension ODE: CustomStringConvertible {}
extension SeparableODE: CustomStringConvertible {}
extension SeparableHamiltonian: CustomStringConvertible {}
extension SecondOrderODE: CustomStringConvertible {}
extension FirstOrderSystem: CustomStringConvertible {}
extension GradientFlow: CustomStringConvertible {}
extension Split: CustomStringConvertible {}
