import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// A flow of symmetric layers, whatever its method.
protocol SymmetricBlock: Layer {
  /// The layers of each field that the flow has: one field for each step, or one for all.
  var fieldLayers: [[SymmetricLayer]] { get }
  /// The layers of each step with the weights that they have at its beginning.
  var stepLayers: [[SymmetricLayer]] { get }
  /// The same flow with layers of other weights; plans that were compiled for it stay good.
  func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self
}

extension Flow: SymmetricBlock where Method.Field: SymmetricField, Method.Field.State == Tensor {
  func mapLayers(
    _ transform: (SymmetricLayer) throws -> SymmetricLayer
  ) rethrows -> Self { try mapFieldLayers(transform) }
}

extension HalvedFlow: SymmetricBlock where Method.Field: SymmetricField {
  var fieldLayers: [[SymmetricLayer]] { flow.fieldLayers }
  var stepLayers: [[SymmetricLayer]] { flow.stepLayers }

  func mapLayers(
    _ transform: (SymmetricLayer) throws -> SymmetricLayer
  ) rethrows -> Self { Self(try flow.mapFieldLayers(transform)) }
}

extension RestingFlow: SymmetricBlock where Method.Field: SymmetricField {
  var fieldLayers: [[SymmetricLayer]] { flow.fieldLayers }
  var stepLayers: [[SymmetricLayer]] { flow.stepLayers }

  func mapLayers(
    _ transform: (SymmetricLayer) throws -> SymmetricLayer
  ) rethrows -> Self { Self(try flow.mapFieldLayers(transform)) }
}

extension Flow where Method.Field: SymmetricField {
  var fieldLayers: [[SymmetricLayer]] { stages.map(\.layers) }

  var stepLayers: [[SymmetricLayer]] {
    (0..<steps).map { stages[isStaged ? $0 : 0].layers(at: start + Double($0) * stepSize) }
  }

  fileprivate func mapFieldLayers(
    _ transform: (SymmetricLayer) throws -> SymmetricLayer
  ) rethrows -> Self {
    let fields = try stages.map { try $0.mapLayers(transform) }
    // A new flow would be compiled anew.
    return replacingLeaves(with: fields.flatMap(\.leaves))
  }
}
