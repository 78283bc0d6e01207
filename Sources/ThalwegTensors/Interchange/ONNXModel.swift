public import ThalwegKernels

/// A function of a tensor in the ONNX format, which other programs run.
///
///     let file = try ONNXModel(of: network, on: [1, 3, 32, 32]) { network, images in network(images) }
///     try file.bytes     // of model.onnx
///
/// The tensors of the model are initializers by their paths. Everything else is written as the
/// primitives that it is traced as; the steps of a flow stand one after the other. The input is
/// called `input`, of exactly the given shape, and the result `output`.
///
/// - Errors: ``ONNXError`` where the function uses an operation that ONNX does not have, such as the
///   roots of implicit methods and the decisions of controlled steps.
/// - Source: the format of https://github.com/onnx/onnx: operators of version 17.
public struct ONNXModel: Sendable {
  /// The file.
  public let bytes: [UInt8]
  /// The operators of the graph, in the order in which they run.
  public let operators: [String]

  /// The version of the operators, and the first version of the format that has it.
  private static let (operatorVersion, formatVersion) = (17, 8)

  /// Traces a function of a model and an input.
  ///
  /// Metadata are words by name that go with the file.
  public init<Model: TensorTree>(
    of model: Model, on shape: Shape, dtype: DType = .float32, metadata: [String: String] = [:],
    _ function: (Model, Tensor) throws -> Tensor
  ) throws {
    let list = model.leafList
    let leaves = settled(list.tensors)
    let stands = leaves.map { placeholder($0.type) }
    let input = placeholder(TensorType(shape, dtype))
    let output = try function(model.replacingLeaves(with: stands), input)
    var graph = ONNXGraph(input: input)
    for (index, stand) in stands.enumerated() {
      graph.name(stand, list.paths[index], holding: leaves[index])
    }
    let result = try graph.finish(Unrolling.unrolled([output])[0])
    operators = graph.operators

    var version = ProtocolMessage()
    version.append(1, "")
    version.append(2, Self.operatorVersion)
    var file = ProtocolMessage()
    file.append(1, Self.formatVersion)
    file.append(2, "thalweg")
    file.append(7, result)
    file.append(8, version)
    for (name, text) in metadata.sorted(by: { $0.key < $1.key }) {
      var entry = ProtocolMessage()
      entry.append(1, name)
      entry.append(2, text)
      file.append(14, entry)
    }
    bytes = file.bytes
  }
}
