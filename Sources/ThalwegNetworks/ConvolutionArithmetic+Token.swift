import ThalwegKernels
import ThalwegTensors

extension ConvolutionArithmetic {
  private static let ofFastLayers = StructureToken()

  /// Tells plans of layers with fast arithmetic from others.
  var token: StructureToken? { self == .fast ? Self.ofFastLayers : nil }
}
