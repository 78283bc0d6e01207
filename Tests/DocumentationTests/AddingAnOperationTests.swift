import Testing
import Thalweg
import ThalwegTestSupport

/// x · sigmoid(x).
func swish(_ x: Tensor) -> Tensor { x * sigmoid(x) }

/// 1 / x, in one instruction.
struct Reciprocal: ElementwiseOperation {
  var name: String { "reciprocal" }
  var code: ChainOperation { .reciprocal }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { -$0 * square(call.output) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0].map { -$0 * square(call.output) }]
  }
}

/// One over each element.
func reciprocal(_ x: Tensor) -> Tensor { Reciprocal()(x) }

/// The diagonal of a square matrix: a view, which moves no element.
struct Diagonal: ViewOperation {
  var name: String { "diagonal" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let shape = inputs[0].shape
    require(
      shape.rank == 2 && shape[0] == shape[1], "diagonal: shape \(shape) is no square matrix")
    return [TensorType([shape[0]], inputs[0].dtype)]
  }

  func view(of input: StridedView) -> StridedView? {
    StridedView(
      shape: [input.shape[0]], strides: [input.strides[0] + input.strides[1]], offset: input.offset)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let indices = Tensor.iota(call.output.count, dtype: call.output.dtype)
    return [cotangents[0].map { $0 * indices.oneHot(call.output.count) }]
  }
}

/// The elements on the diagonal of a square matrix.
func diagonal(_ x: Tensor) -> Tensor { Diagonal()(x) }

/// Xᵀ X, by one call of a kernel that reads X twice.
struct Gram: Operation {
  var name: String { "gram" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    require(inputs[0].shape.rank == 2, "gram: shape \(inputs[0].shape) is no matrix")
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

/// The code of docs/adding-an-operation.md.
@Suite struct AddingAnOperationTests {
  @Test func `a composition needs no operation`() throws {
    let traced = compile { (x: Tensor) in swish(x) }
    print(try traced.plan(for: [1, 2, 3]))  // one chain: sigmoid multiply

    #expect(try traced.plan(for: [1, 2, 3]).callCount == 1)
    try expectDerivatives(of: { (x: Tensor) in swish(x) }, at: [0.3, -1.2])
  }

  @Test func `an element-wise operation joins chains`() throws {
    print(reciprocal([2, 4]).values)  // [0.5, 0.25]
    let traced = compile { (x: Tensor) in reciprocal(1 + exp(x)) }
    print(try traced.plan(for: [0, 1]))  // chain float64[2]: exp add reciprocal

    #expect(reciprocal([2, 4]).values == [0.5, 0.25])
    #expect("\(try traced.plan(for: [0, 1]))".hasSuffix("chain float64[2]: exp add reciprocal"))
    try expectDerivatives(of: { (x: Tensor) in reciprocal(x) }, at: [0.7, -1.2])
  }

  @Test func `a view costs nothing`() throws {
    let matrix: Tensor = [[1, 2], [3, 4]]
    print(diagonal(matrix).values)  // [1, 4]
    let traced = compile { (x: Tensor) in sum(exp(diagonal(x))) }
    print(try traced.plan(for: matrix))  // a chain and a sum: no copy

    #expect(diagonal(matrix).values == [1, 4])
    #expect(try traced.plan(for: matrix).callCount == 2)
    try expectDerivatives(of: { (x: Tensor) in exp(diagonal(x)) }, at: matrix)
    try expectDerivatives(of: { (x: Tensor) in diagonal(x.transposed) * diagonal(x) }, at: matrix)
  }

  @Test func `an operation calls kernels`() throws {
    print(gram([[1, 2], [3, 4]]).values)  // [10, 14, 14, 20]

    #expect(gram([[1, 2], [3, 4]]).values == [10, 14, 14, 20])
    try expectDerivatives(of: { (x: Tensor) in gram(x) }, at: .random([3, 4], seed: 1))
    try expectDerivatives(
      of: { (x: Tensor) in gram(x.transposed) }, at: .random([3, 4], seed: 2))
  }
}
