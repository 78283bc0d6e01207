extension PDEBlock {
  /// What a block is, apart from its weights.
  struct Form: Hashable, Sendable {
    let dynamics: DynamicsName
    let integrator: IntegratorName
    let adjoint: AdjointName
    var steps: Int
    let span: Double
    let weights: WeightBasis

    var time: ClosedRange<Double> { 0...span }
    var stepSize: Double { span / Double(steps) }

    var unsuitableIntegrator: NetworkError {
      .unsuitableIntegrator(
        integrator.rawValue, dynamics: dynamics.rawValue,
        legal: IntegratorName.legal(for: dynamics).map(\.rawValue))
    }

    func validate(channels: Int) throws(NetworkError) {
      guard IntegratorName.legal(for: dynamics).contains(integrator) else {
        throw unsuitableIntegrator
      }
      guard adjoint != .reversible || integrator.isReversible else {
        throw .unsuitableAdjoint(
          "\(adjoint)", integrator: integrator.rawValue,
          legal: AdjointName.forms.filter { $0 != "reversible" })
      }
      guard steps > 0 else { throw .unsuitableSize("steps", value: steps, expected: "at least 1") }
      guard channels > 0, dynamics != .hamiltonian || channels % 2 == 0 else {
        throw .unsuitableSize(
          "channels", value: channels,
          expected: dynamics == .hamiltonian ? "a positive even number" : "at least 1")
      }
      let count = weights.count ?? steps
      guard count >= (weights == .linear(count) ? 2 : 1) else {
        throw .unsuitableSize(
          "weights", value: count, expected: "at least 1, or 2 for linear ones")
      }
    }
  }
}
