import ThalwegKernels

struct MatrixMultiply: Operation {
  /// Whether each operand is stored with its last two axes exchanged.
  var transposesA = false
  var transposesB = false
  var name: String { "matmul" }

  func form(_ inputs: [TensorType]) -> MatrixProduct {
    let (a, b) = (inputs[0].shape, inputs[1].shape)
    let (m, k) = transposesA ? (a[a.rank - 1], a[a.rank - 2]) : (a[a.rank - 2], a[a.rank - 1])
    let n = transposesB ? b[b.rank - 2] : b[b.rank - 1]
    let batch = a.dimensions.dropLast(2).reduce(1, *)
    return MatrixProduct(
      batch: batch, rows: m, columns: n, inner: k, transposesA: transposesA,
      transposesB: transposesB)
  }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let (a, b) = (inputs[0].shape, inputs[1].shape)
    let form = form(inputs)
    let inner = transposesB ? b[b.rank - 1] : b[b.rank - 2]
    require(
      form.inner == inner,
      "matmul: inner sizes differ: \(a)\(transposesA ? "ᵀ" : "") × \(b)\(transposesB ? "ᵀ" : "")")
    require(
      a.dimensions.dropLast(2) == b.dimensions.dropLast(2),
      "matmul: batches differ: \(a) × \(b)")
    let shape = Array(a.dimensions.dropLast(2)) + [form.rows, form.columns]
    return [TensorType(Shape(shape), inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) {
    context.builder.matrixProduct(
      context.operand(0), context.operand(1), into: context.result(), form(context.inputTypes),
      context.outputTypes[0].dtype)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    let terms = [
      tangents[0].map { self($0, call.inputs[1]) }, tangents[1].map { self(call.inputs[0], $0) },
    ].compactMap { $0 }
    return [terms.count == 2 ? terms[0] + terms[1] : terms.first]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    guard let g = cotangents[0] else { return [nil, nil] }
    let (a, b) = (call.inputs[0], call.inputs[1])
    return [call.wanted[0] ? inA(g, b) : nil, call.wanted[1] ? inB(g, a) : nil]
  }

  private func inA(_ g: Tensor, _ b: Tensor) -> Tensor {
    transposesA
      ? MatrixMultiply(transposesA: transposesB, transposesB: true)(b, g)
      : MatrixMultiply(transposesA: false, transposesB: !transposesB)(g, b)
  }

  private func inB(_ g: Tensor, _ a: Tensor) -> Tensor {
    transposesB
      ? MatrixMultiply(transposesA: true, transposesB: transposesA)(g, a)
      : MatrixMultiply(transposesA: !transposesA, transposesB: false)(a, g)
  }
}

/// The matrix product over the last two axes, for every matrix of a batch.
///
/// A vector on the left is a row, one on the right a column, and its axis is dropped from the
/// result. Leading axes broadcast.
///
/// - Shapes: `[batch..., m, k]` and `[batch..., k, n]` give `[batch..., m, n]`; `[m, k]` and `[k]`
///   give `[m]`; `[k]` and `[k, n]` give `[n]`; `[k]` and `[k]` give a scalar.
/// - Errors: traps where the inner sizes or the batches differ.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  let pair = unified("matmul", [a, b])
  let (a, b) = (pair[0], pair[1])
  require(
    a.rank > 0 && b.rank > 0, "matmul: a scalar is no matrix: \(a.shape) × \(b.shape)")
  if a.rank == 1 {
    let product = matmul(a.expanded(at: 0), b)
    let row = b.rank == 1 ? 0 : product.rank - 2
    return product.reshaped(to: product.shape.dropping(axis: row))
  }
  if b.rank == 1 {
    let product = matmul(a, b.expanded(at: 1))
    return product.reshaped(to: product.shape.dropping(axis: product.rank - 1))
  }
  if a.rank > 2, b.rank == 2 {
    // One matrix serves the whole batch: a single tall product.
    let rows = a.shape.dimensions.dropLast().reduce(1, *)
    let flat = MatrixMultiply()(a.reshaped(to: [rows, a.shape[a.rank - 1]]), b)
    return flat.reshaped(to: Shape(a.shape.dimensions.dropLast() + [b.shape[1]]))
  }
  let batches = [a, b].map { Shape(Array($0.shape.dimensions.dropLast(2))) }
  guard let batch = batches[0].broadcast(with: batches[1]) else {
    fatalError("matmul: batches differ: \(a.shape) × \(b.shape)")
  }
  func widened(_ x: Tensor) -> Tensor {
    x.broadcast(to: Shape(batch.dimensions + x.shape.dimensions.suffix(2)))
  }
  return MatrixMultiply()(widened(a), widened(b))
}

extension Shape {
  func dropping(axis: Int) -> Shape {
    var dimensions = dimensions
    dimensions.remove(at: axis)
    return Shape(dimensions)
  }
}
