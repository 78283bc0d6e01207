import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

@Suite struct LinearSolveTests {
  private struct Failed: Error, Equatable {
    var kind: LoopFailure.Kind
    var residual: Double
    var count: Int
  }

  private static let failed = SolverError {
    Failed(kind: $0.kind, residual: $0.value, count: $0.count)
  }

  /// What a compiled solution by `settings` takes.
  private func counts(
    _ settings: LinearSettings, _ matrix: Tensor, _ rightSide: Tensor,
    preconditioner: (@Sendable (Tensor) -> Tensor)? = nil
  ) throws -> RunCounts {
    let solve = compile { (a: Tensor, b: Tensor) in
      LinearSolve.record(
        [b], settings: settings, error: Self.failed,
        preconditioner: preconditioner.map { inverse in { [inverse($0[0])] } }
      ) { [matmul(a, $0[0])] }[0]
    }
    let plan = try solve.plan(for: matrix, rightSide)
    var counts = RunCounts()
    _ = try plan.program.run([matrix.storage, rightSide.storage], counting: &counts)
    return counts
  }

  // MARK: - Values

  @Test(arguments: LinearSolveCase.all)
  func `solutions are those of elimination`(_ law: LinearSolveCase) throws {
    let expected = eliminated(law.symmetrized(law.matrix), law.rightSide)
    expectClose(law.solve(law.matrix, law.rightSide), expected, relative: 1e-12)
    let compiled = try compile(law.solve)(law.matrix, law.rightSide)
    expectClose(compiled, expected, relative: 1e-12)
  }

  @Test(arguments: LinearSolveCase.all)
  func `solutions in single precision are as good as it is`(_ law: LinearSolveCase) throws {
    let x = law.solve(law.matrix.to(.float32), law.rightSide.to(.float32))
    #expect(x.dtype == .float32)
    let expected = eliminated(law.symmetrized(law.matrix), law.rightSide)
    expectClose(x.to(.float64), expected, relative: 1e-5)
  }

  @Test(arguments: LinearSolveCase.small)
  func `derivatives are those of the values`(_ law: LinearSolveCase) throws {
    try expectDerivatives(of: { law.solve($0[0], $0[1]) }, at: [law.matrix, law.rightSide])
  }

  @Test func `a right side of zeros has the solution zero`() {
    for law in LinearSolveCase.all {
      let x = law.solve(law.matrix, .zeros([law.rightSide.count]))
      #expect(x.values.allSatisfy { $0 == 0 })
    }
  }

  @Test func `rows and columns of any size are solved directly`() {
    let scales = tabulated([6]) { pow10(3 * $0[0] - 8) }
    let matrix = LinearSolveCase.general(6, seed: 3)
    let scaled = scales.expanded(at: 1) * matrix / scales
    let b = Tensor.random([6], seed: 4)
    let law = LinearSolveCase(
      label: "scaled", settings: LinearSolveCase.settings(.direct), matrix: scaled, rightSide: b)
    expectClose(
      law.solve(scaled, scales * b) / scales, eliminated(matrix, b), relative: 1e-12)
  }

  private func pow10(_ exponent: Int) -> Double {
    (0..<exponent.magnitude).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
  }

  @Test(arguments: [LinearMethod.direct, .gmres(restart: 4), .biCGStab])
  func `leaves are parts of one vector`(_ method: LinearMethod) {
    let matrix = LinearSolveCase.general(7, seed: 9)
    let b = Tensor.random([7], seed: 10)
    let solution = LinearSolve.record(
      [b.slice(0..<3), b.slice(3..<7).reshaped(to: [2, 2])],
      settings: LinearSolveCase.settings(method)
    ) { leaves in
      let image = matmul(matrix, concatenate([leaves[0], leaves[1].reshaped(to: [4])]))
      return [image.slice(0..<3), image.slice(3..<7).reshaped(to: [2, 2])]
    }
    let expected = eliminated(matrix, b).values
    expectClose(solution.flatMap(\.values), expected, relative: 1e-12)
    #expect(solution.map(\.shape) == [[3], [2, 2]])
  }

  /// Without a second round the vectors would not stay orthogonal, and 60 of them would leave 1e-4.
  @Test func `minimal residuals are found where much is cancelled`() throws {
    let n = 60
    let decay = tabulated([n]) { Foundation.exp(-14 * Double($0[0]) / Double(n)) }
    let matrix = LinearSolveCase.general(n, seed: 28) * decay
    let b = Tensor.random([n], seed: 29)
    let settings = LinearSolveCase.settings(.gmres(restart: n), tolerance: 1e-9, most: n)
    let law = LinearSolveCase(label: "", settings: settings, matrix: matrix, rightSide: b)
    expectClose(matmul(matrix, law.solve(matrix, b)), b, relative: 1e-8)
  }

  // MARK: - Cost

  @Test(arguments: [3, 12, 40])
  func `conjugate gradients take no more products than there are unknowns`(_ n: Int) throws {
    let matrix = LinearSolveCase.definite(n, seed: 11)
    let b = Tensor.random([n], seed: 12)
    let counts = try counts(
      LinearSolveCase.settings(.conjugateGradients, tolerance: 1e-12, most: n), matrix, b)
    #expect(counts.krylovIterations <= n && counts.jvps == counts.krylovIterations)
  }

  @Test(arguments: [3, 12, 40])
  func `minimal residuals take no more products than there are unknowns`(_ n: Int) throws {
    let matrix = LinearSolveCase.general(n, seed: 13)
    let b = Tensor.random([n], seed: 14)
    let counts = try counts(
      LinearSolveCase.settings(.gmres(restart: n), tolerance: 1e-13, most: n), matrix, b)
    #expect(counts.krylovIterations <= n)
    // As many products as eigenvalues differ: here two.
    let two = tabulated([n, n]) { $0[0] == $0[1] ? ($0[0] == 0 ? 3 : 1) : 0 }
    let few = try self.counts(LinearSolveCase.settings(.gmres(restart: n)), two, b)
    #expect(few.krylovIterations == 2)
  }

  @Test(arguments: [LinearMethod.gmres(restart: 10), .conjugateGradients, .biCGStab])
  func `an exact preconditioner leaves one iteration`(_ method: LinearMethod) throws {
    let n = 100
    let diagonal = tabulated([n]) { pow10($0[0] % 7) }
    let matrix = tabulated([n, n]) { $0[0] == $0[1] ? pow10($0[0] % 7) : 0 }
    let b = Tensor.random([n], seed: 15)
    let settings = LinearSolveCase.settings(method, tolerance: 1e-12)
    let plain = try counts(settings, matrix, b)
    let helped = try counts(settings, matrix, b) { $0 / diagonal }
    #expect(plain.krylovIterations > 6)
    #expect(helped.krylovIterations <= 2)
  }

  @Test func `what does not depend on the vector is computed once`() throws {
    let solve = compile { (a: Tensor, b: Tensor) in
      LinearSolve.record([b], settings: LinearSolveCase.settings(.gmres(restart: 9))) {
        [matmul(exp(a), $0[0])]
      }[0]
    }
    let plan = try solve.plan(for: .random([9, 9], seed: 16), .random([9], seed: 17))
    let lines = plan.description.split(separator: "\n")
    let inside = lines.filter { $0.hasPrefix("       ") }.joined()
    let outside = lines.filter { !$0.hasPrefix("       ") }.joined()
    #expect(outside.contains("exp") && !inside.contains("exp") && inside.contains("matmul"))
  }

  // MARK: - Failures

  @Test func `a singular matrix is an error`() {
    let matrix: Tensor = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    let b: Tensor = [1, 0, 0]
    let direct = #expect(throws: Failed.self) {
      try counts(LinearSolveCase.settings(.direct), matrix, b)
    }
    #expect(direct?.kind == .singular)
    let krylov = #expect(throws: Failed.self) {
      try counts(LinearSolveCase.settings(.gmres(restart: 3), tolerance: 1e-10), matrix, b)
    }
    #expect(krylov?.kind == .krylov)
    #expect((krylov?.residual ?? 0) > 0.1)
  }

  @Test func `too few products are an error`() {
    let matrix = LinearSolveCase.general(30, seed: 18)
    let b = Tensor.random([30], seed: 19)
    for method in [LinearMethod.gmres(restart: 30), .gmres(restart: 3), .biCGStab] {
      let error = #expect(throws: Failed.self) {
        try counts(LinearSolveCase.settings(method, most: 4), matrix, b)
      }
      #expect(error?.kind == .krylov && error?.count == 4, "\(method)")
      #expect((error?.residual ?? 0) > 1e-14 && (error?.residual ?? 2) < 1)
    }
  }

  @Test func `conjugate gradients refuse what is not positive definite`() {
    let matrix: Tensor = [[1, 0], [0, -1]]
    let error = #expect(throws: Failed.self) {
      try counts(LinearSolveCase.settings(.conjugateGradients), matrix, [1, 2])
    }
    #expect(error?.kind == .krylov)
  }

  @Test(arguments: [
    LinearMethod.direct, .gmres(restart: 5), .conjugateGradients, .biCGStab,
  ])
  func `numbers that are not finite are an error`(_ method: LinearMethod) {
    let matrix = LinearSolveCase.definite(5, seed: 20)
    for b: Tensor in [[1, 2, .init(Double.nan), 4, 5], [1, 2, .init(Double.infinity), 4, 5]] {
      #expect(throws: Failed.self) {
        try counts(LinearSolveCase.settings(method), matrix, b)
      }
    }
    let broken = matrix * Tensor([1, 1, .nan, 1, 1])
    #expect(throws: Failed.self) {
      try counts(LinearSolveCase.settings(method), broken, [1, 2, 3, 4, 5])
    }
  }

  // MARK: - Several systems

  private static let methods: [LinearMethod] = [
    .direct, .gmres(restart: 8), .gmres(restart: 3), .conjugateGradients, .biCGStab,
  ]

  /// Systems of two leaves, each with a matrix of its own.
  private func independent(
    _ method: LinearMethod, _ matrices: [Tensor], _ sides: [Tensor]
  ) throws -> [[Double]] {
    let count = matrices.count
    let solve = compile { (a: Tensor, b: Tensor) in
      LinearSolve.record(
        [b.slice(0..<3, along: 1), b.slice(3..<8, along: 1)],
        settings: LinearSolveCase.settings(method, tolerance: 1e-13), systems: count
      ) { leaves in
        let v = concatenate(leaves, along: 1).expanded(at: 2)
        let image = matmul(a, v).reshaped(to: [count, 8])
        return [image.slice(0..<3, along: 1), image.slice(3..<8, along: 1)]
      }
    }
    let result = try solve(stack(matrices), stack(sides))
    return (0..<count).map { sample in result.flatMap { $0[sample].values } }
  }

  @Test(arguments: methods)
  func `independent systems are solved as if they were alone`(_ method: LinearMethod) throws {
    // The second needs more iterations than the first, the third is solved at once.
    let matrices = [21, 22, 23].map { LinearSolveCase.definite(8, seed: $0) }
    let steep = [matrices[0], 50 * matrices[1] + matrices[0], matrices[2]]
    let sides = [Tensor.random([8], seed: 24), .random([8], seed: 25), .zeros([8])]
    let together = try independent(method, steep, sides)
    for sample in 0..<3 {
      expectClose(
        together[sample], eliminated(steep[sample], sides[sample]).values, relative: 1e-11)
    }
    let others = try independent(
      method, [matrices[2], steep[1], matrices[1]], [sides[1], sides[1], sides[0]])
    #expect(together[1] == others[1])
  }

  @Test(arguments: methods)
  func `the same input gives the same bits`(_ method: LinearMethod) throws {
    let matrix = LinearSolveCase.definite(60, seed: 26)
    let b = Tensor.random([60], seed: 27)
    let law = LinearSolveCase(
      label: "", settings: LinearSolveCase.settings(method), matrix: matrix, rightSide: b)
    let solve = compile(law.solve)
    let first = try solve(matrix, b).values
    #expect(try solve(matrix, b).values == first)
    #expect(law.solve(matrix, b).values == first)
  }
}
