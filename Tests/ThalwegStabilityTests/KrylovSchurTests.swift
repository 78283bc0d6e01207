import Testing
import Thalweg
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

@Suite struct KrylovSchurTests {
  private static let size = 2_500
  /// A band whose entries have no pattern, far from symmetric.
  private static let band = Tensor.random([5, size], seed: 31).values

  private func product(_ x: [Double]) -> [Double] {
    (0..<Self.size).map { row in
      var sum = row < 3 ? 4 / Double(row + 1) * x[row] : 0
      for offset in 0..<5 {
        let column = row + 3 * offset - 4
        guard (0..<Self.size).contains(column) else { continue }
        sum += Self.band[offset * Self.size + row] * x[column]
      }
      return sum
    }
  }

  private func problem(
    _ target: KrylovProblem.Target, _ count: Int, start: [Double]? = nil
  ) -> KrylovProblem {
    KrylovProblem(
      size: Self.size, count: count, target: target, isSymmetric: false, basis: 4 * count + 20,
      tolerance: 1e-9, maximumRestarts: 300,
      start: start ?? Tensor.random([Self.size], seed: 5).values)
  }

  @Test(arguments: [KrylovProblem.Target.largest, .rightmost, .leftmost, .mostImaginary])
  func `restarts by products of matrices find what ARPACK finds`(
    target: KrylovProblem.Target
  ) throws {
    let own = try KrylovSchur.solve(problem(target, 4), product: product)
    let other = try ARPACK.solve(problem(target, 4), product: product)
    #expect(own.values.count >= 4 && other.values.count >= 4)
    let scale = own.values.map(\.magnitude).max() ?? 0
    for value in own.values.prefix(4) {
      let distance = other.values.map { ($0 - value).magnitude }.min() ?? .infinity
      // Of a pair that is cut, one value stands alone.
      let paired = other.values.map { ($0.conjugate - value).magnitude }.min() ?? .infinity
      #expect(min(distance, paired) < 1e-6 * scale, "\(value) of \(other.values)")
    }
    for (index, value) in own.values.enumerated() {
      let vector = own.vectors.column(index)
      let (real, imaginary) = (
        product(vector.map(\.real)), product(vector.map(\.imaginary))
      )
      var residual = 0.0
      for row in vector.indices {
        let miss = Complex(real[row], imaginary[row]) - value * vector[row]
        residual += miss.squaredMagnitude
      }
      #expect(residual.squareRoot() < 1e-8 * scale)
    }
  }

  @Test func `a start within a small invariant space ends there, and says so`() throws {
    // Eigenvalues 1, 2, 3, ...; the start knows three of them.
    let diagonal = (0..<Self.size).map { Double($0 % 50) + 1 }
    var start = [Double](repeating: 0, count: Self.size)
    for index in 46..<50 { start[index] = 1 }
    let found = try KrylovSchur.solve(problem(.largest, 3, start: start)) { x in
      zip(diagonal, x).map { $0 * $1 }
    }
    // Every one occurs fifty times; how many copies are found is a matter of chance.
    #expect(found.values.count >= 3)
    for value in found.values.map(\.real) { expectClose(value, value.rounded(), relative: 1e-9) }
    expectClose(found.values.map(\.real).max() ?? 0, 50, relative: 1e-9)
  }

  @Test func `results do not depend on the threads`() throws {
    let before = Threads.count
    defer { Threads.count = before }
    let runs = try [1, 2, 3].map { count in
      Threads.count = count
      return try KrylovSchur.solve(problem(.rightmost, 3), product: product)
    }
    #expect(runs[1].values == runs[0].values && runs[2].values == runs[0].values)
    #expect(runs[1].vectors.values == runs[0].vectors.values)
  }

  @Test func `products that are not finite are an error`() {
    #expect(throws: LAPACKError.notFinite) {
      try KrylovSchur.solve(problem(.largest, 2)) { $0.map { _ in .nan } }
    }
  }
}
