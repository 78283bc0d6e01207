import Testing
import Thalweg
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

@Suite struct StridedNormTests {
  private static let kernel = Tensor.random([5, 3, 3, 3], seed: 12)

  /// The largest singular value of the matrix of a convolution, column by column.
  private func denseNorm(
    _ kernel: Tensor, _ height: Int, _ width: Int, _ boundary: Boundary, _ stride: Int
  ) throws -> Double {
    let count = kernel.shape[1] * height * width
    let columns = (0..<count).map { index in
      let image = Tensor(
        (0..<count).map { $0 == index ? 1.0 : 0 }, shape: [1, kernel.shape[1], height, width])
      return convolution(image, kernel, stride: stride, boundary: boundary).values
    }
    let square = matrix(count) { a, b in zip(columns[a], columns[b]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return try spectrum(of: linear(square), at: .zeros([count])).radius.squareRoot()
  }

  @Test(arguments: [(6, 4, 2), (6, 9, 3), (4, 4, 1)])
  func `periodic norms with a stride are exact`(height: Int, width: Int, stride: Int) throws {
    let norm = try ConvolutionNorm(
      of: Self.kernel, height: height, width: width, boundary: .periodic, stride: stride)
    expectClose(
      norm.value, try denseNorm(Self.kernel, height, width, .periodic, stride), relative: 1e-12)
    #expect(norm.bound == norm.value)
  }

  @Test(arguments: [(6, 6, 2), (5, 7, 2), (7, 6, 3)])
  func `norms with a stride and zeros outside are found and bounded`(
    height: Int, width: Int, stride: Int
  ) throws {
    let norm = try ConvolutionNorm(of: Self.kernel, height: height, width: width, stride: stride)
    let exact = try denseNorm(Self.kernel, height, width, .zero, stride)
    expectClose(norm.value, exact, relative: 1e-8)
    #expect(norm.bound >= norm.value && norm.bound < 1.6 * norm.value)
  }

  @Test func `independent samples give all entries in batches`() throws {
    let kernel = Tensor.random([3, 3, 3, 3], seed: 2)
    let layer = ODE { _, y in tanh(convolution(y, kernel)) }
    let y = Tensor.random([1, 3, 6, 5], seed: 3)
    let one = try Jacobian(of: layer, at: y).matrix()
    let many = try Jacobian(of: layer, at: y, samples: .independent).matrix()
    expectClose(many.values, one.values, absolute: 1e-14)
  }

  @Test func `samples that are not independent are found out`() throws {
    let field = ODE { _, y in y * sum(y) }
    let y: Tensor = [[0.3, 0.5, -0.2]]
    let error = #expect(throws: SpectrumError.self) {
      try spectrum(of: field, at: y, samples: .independent)
    }
    guard case .dependentSamples(let miss) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(miss > 0.1 && error?.advice.contains("samples") == true)
  }
}
