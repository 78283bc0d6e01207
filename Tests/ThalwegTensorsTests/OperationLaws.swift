import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// All operations.
private let operations: [any OperationLaw.Type] = [
  AbsoluteValue.self, Add.self, Broadcast.self, Concatenate.self, Contiguous.self, Convert.self,
  Convolution.self, Cosine.self, Divide.self, Equal.self, Evaluation.self, Exponential.self,
  Floor.self, Gather.self, HyperbolicTangent.self, Kept.self, Less.self, LessOrEqual.self,
  Logarithm.self, MatrixMultiply.self, Maximum.self, MaximumOver.self, Minimum.self, Multiply.self,
  Negate.self, Pad.self, Power.self, RandomNumbers.self, ReLU.self, Reshape.self, Round.self,
  Select.self, Shift.self, Sigmoid.self, Sign.self, Sine.self, Slice.self, Softplus.self,
  Square.self, SquareRoot.self, Step.self, StopGradient.self, Stored.self, StraightThrough.self,
  Subtract.self, Sum.self, Transpose.self, Variance.self,
]

private let cases: [OperationCase] = operations.flatMap { $0.namedCases }

/// What holds for every operation.
@Suite struct OperationLaws {
  @Test(arguments: cases)
  func `values are those of an independent evaluation`(_ law: OperationCase) {
    let expected = law.expected(law.inputs.map(Numbers.init))
    expectClose(law.apply(law.inputs), expected, relative: law.precision.double)
  }

  @Test(arguments: cases)
  func `derivatives are those of the values`(_ law: OperationCase) throws {
    switch law.derivatives {
    case .smooth: try expectDerivatives(of: law.apply, at: law.inputs)
    case .zero: try expectNoDerivatives(of: law.apply, at: law.inputs)
    case .untested: break
    }
  }

  @Test(arguments: cases)
  func `single precision agrees with double precision`(_ law: OperationCase) {
    let rounded = law.inputs.map { $0.to(.float32) }
    let result = law.apply(rounded)
    #expect(result.dtype == .float32)
    let expected = law.apply(rounded.map { $0.to(.float64) })
    expectClose(result.to(.float64), expected, relative: law.precision.single)
  }

  @Test(arguments: cases)
  func `tracing changes nothing`(_ law: OperationCase) throws {
    let traced = try compile(law.apply)(law.inputs)
    let computed = law.apply(law.inputs)
    #expect(traced.type == computed.type)
    // Kernels do the same arithmetic wherever their operands lie, but a matrix product may be
    // told of a transposition where it was given a transposed copy before.
    expectClose(traced, computed, relative: 1e-15)
  }

  @Test(arguments: operations.indices)
  func `every operation has cases`(_ index: Int) {
    #expect(!operations[index].cases.isEmpty)
  }
}
