import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension Flow {
  /// The flow in which symmetric layers have the statistics they meet on the way from a state.
  ///
  /// The steps are run one by one. The layers of a step are measured wherever its method evaluates
  /// them, and frozen before the next step. Layers that all steps share are measured in all of them.
  func calibrated(from y: State) -> Self {
    let fields = stages.compactMap { $0 as? any SymmetricField }
    guard fields.contains(where: { $0.layers.contains { $0.normalization == .batch } }) else {
      return self
    }
    let dtype = y.leaves.first?.dtype ?? .float64
    func scalar(_ x: Double) -> Tensor { Tensor([x], shape: [], dtype: dtype) }
    let h = scalar(stepSize)
    func begin(_ field: Method.Field) -> Method.Carry {
      method.start(field, at: scalar(start), from: y, by: h)
    }
    func step(_ field: Method.Field, _ index: Int, _ carry: Method.Carry) -> Method.Carry {
      method.step(field, at: scalar(start + Double(index) * stepSize), from: carry, by: h)
    }
    guard isStaged else {
      let field = Self.calibrated(stages[0]) { field in
        _ = (0..<steps).reduce(begin(field)) { carry, index in step(field, index, carry) }
      }
      return Flow(field, from: start, to: end, steps: steps, using: method, adjoint: adjoint)
    }
    var stages = stages
    stages[0] = Self.calibrated(stages[0]) { _ = step($0, 0, begin($0)) }
    var carry = step(stages[0], 0, begin(stages[0]))
    for index in stages.indices.dropFirst() {
      stages[index] = Self.calibrated(stages[index]) { _ = step($0, index, carry) }
      carry = step(stages[index], index, carry)
    }
    return Flow(stages: stages, over: start...end, using: method, adjoint: adjoint)
  }

  /// A field whose layers have the statistics that they meet in a run.
  private static func calibrated(
    _ field: Method.Field, in run: (Method.Field) -> Void
  ) -> Method.Field {
    func changed(
      _ field: Method.Field, _ transform: (SymmetricLayer) -> SymmetricLayer
    ) -> Method.Field {
      let changed = (field as? any SymmetricField)?.mapLayers(transform)
      return changed as? Method.Field ?? field
    }
    let measured = changed(field) { $0.measured() }
    run(measured)
    return changed(measured) { $0.frozen() }
  }
}
