import Thalweg

/// Xᵀ X as an operation of one's own: a rule for shapes, a call of a kernel, and two derivatives, which are
/// written in tensor operations, so that they have derivatives too.
struct Gram: Operation {
  var name: String { "gram" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    precondition(inputs[0].shape.rank == 2, "gram: shape \(inputs[0].shape) is no matrix")
    return [TensorType([inputs[0].shape[1], inputs[0].shape[1]], inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) {
    let (rows, columns) = (context.inputTypes[0].shape[0], context.inputTypes[0].shape[1])
    context.builder.matrixProduct(
      context.operand(0), context.operand(0), into: context.result(),
      MatrixProduct(
        batch: 1, rows: columns, columns: columns, inner: rows, transposesA: true,
        transposesB: false), context.outputTypes[0].dtype)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [
      tangents[0].map { tangent in
        let half = matmul(tangent.transposed, call.inputs[0])
        return half + half.transposed
      }
    ]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0].map { matmul(call.inputs[0], $0 + $0.transposed) }]
  }
}

/// The products of all pairs of columns.
func gram(_ x: Tensor) -> Tensor { Gram()(x) }
