import ThalwegNetworks

/// The networks that classify images, by name.
enum NetworkName: String, CaseIterable {
  case hamiltonian, parabolic
  case secondOrder = "second-order"
  case resnet

  /// The equations of the network; nil for the plain one.
  var dynamics: DynamicsName? { DynamicsName(rawValue: rawValue) }

  /// The network that a flag names, if it is given.
  static func read(_ flag: String, _ given: String?) throws -> NetworkName? {
    if given == "antisymmetric" {
      let legal = allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure.usage(
        "--\(flag) antisymmetric is for points of the plane: thalweg experiment points swiss-roll"
          + " --network antisymmetric; for images use one of: \(legal)")
    }
    return try named(flag, given)
  }
}
