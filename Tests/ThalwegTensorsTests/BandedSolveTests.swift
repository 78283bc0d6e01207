import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Systems along chains of cells, with elimination of the whole matrix as the oracle.
@Suite struct BandedSolveTests {
  struct Chain: Sendable, CustomTestStringConvertible {
    var cells: Int
    var components: Int
    var reach: Int

    var testDescription: String { "\(cells) cells of \(components), reach \(reach)" }
    var size: Int { cells * components }
    var method: LinearMethod { .banded(cells: cells, reach: reach) }

    /// Whether an unknown knows another one.
    func couples(_ row: Int, _ column: Int) -> Bool {
      abs(row % cells - column % cells) <= reach
    }

    /// Random, with no large diagonal: elimination must exchange rows.
    func matrix(seed: UInt64) -> Tensor {
      let noise = Tensor.random([size, size], seed: seed).values
      return tabulated([size, size]) { index in
        let (i, j) = (index[0], index[1])
        return couples(i, j) ? noise[i * size + j] + (i == j ? 0.5 : 0) : 0
      }
    }
  }

  private static let chains = [
    Chain(cells: 1, components: 1, reach: 1), Chain(cells: 2, components: 3, reach: 4),
    Chain(cells: 9, components: 1, reach: 0), Chain(cells: 30, components: 1, reach: 1),
    Chain(cells: 17, components: 2, reach: 1), Chain(cells: 11, components: 3, reach: 1),
    Chain(cells: 20, components: 1, reach: 3), Chain(cells: 13, components: 2, reach: 2),
  ]

  private struct Failed: Error, Equatable {
    var kind: LoopFailure.Kind
  }

  private static func settings(_ chain: Chain) -> LinearSettings {
    LinearSolveCase.settings(chain.method, tolerance: 1e-13, most: 100)
  }

  private func solve(_ chain: Chain, _ matrix: Tensor, _ b: Tensor) -> Tensor {
    LinearSolve.record([b], settings: Self.settings(chain)) { [matmul(matrix, $0[0])] }[0]
  }

  @Test(arguments: chains)
  func `solutions are those of elimination`(_ chain: Chain) throws {
    let (matrix, b) = (chain.matrix(seed: 41), Tensor.random([chain.size], seed: 42))
    let expected = eliminated(matrix, b)
    expectClose(solve(chain, matrix, b), expected, relative: 1e-10)
    let compiled = try compile { solve(chain, $0, $1) }(matrix, b)
    expectClose(compiled, solve(chain, matrix, b), relative: 0)
    let single = LinearSolve.record(
      [b.to(.float32)], settings: LinearSolveCase.settings(chain.method, tolerance: 1e-5)
    ) { [matmul(matrix.to(.float32), $0[0])] }[0]
    #expect(single.dtype == .float32)
    expectClose(matmul(matrix, single.to(.float64)), b, relative: 1e-4)
  }

  @Test(arguments: chains.prefix(5))
  func `derivatives are those of the values`(_ chain: Chain) throws {
    let known = tabulated([chain.size, chain.size]) { chain.couples($0[0], $0[1]) ? 1 : 0 }
    let (matrix, b) = (chain.matrix(seed: 43), Tensor.random([chain.size], seed: 44))
    try expectDerivatives(of: { solve(chain, known * $0[0], $0[1]) }, at: [matrix, b], step: 1e-5)
  }

  @Test func `the matrix takes as many products as cells in reach have components`() throws {
    let chain = Chain(cells: 40, components: 2, reach: 1)
    let plan = try compile { solve(chain, $0, $1) }.plan(
      for: chain.matrix(seed: 45), Tensor.random([80], seed: 46))
    var counts = RunCounts()
    let inputs = [chain.matrix(seed: 45).storage, Tensor.random([80], seed: 46).storage]
    _ = try plan.program.run(inputs, counting: &counts)
    // Six for the matrix, and one or two to see what is left.
    #expect(counts.jvps >= 7 && counts.jvps <= 8)
  }

  @Test func `leaves are components of one chain, and systems are solved apart`() {
    let chain = Chain(cells: 12, components: 3, reach: 1)
    let matrix = chain.matrix(seed: 47)
    let b = Tensor.random([2, 36], seed: 48)
    let leaves = [b.slice(0..<12, along: 1), b.slice(12..<36, along: 1).reshaped(to: [2, 2, 12])]
    let solution = LinearSolve.record(
      leaves, settings: Self.settings(chain), systems: 2
    ) { leaves in
      let whole = concatenate([leaves[0], leaves[1].reshaped(to: [2, 24])], along: 1)
      let image = matmul(whole, matrix.transposed)
      return [
        image.slice(0..<12, along: 1), image.slice(12..<36, along: 1).reshaped(to: [2, 2, 12]),
      ]
    }
    for system in 0..<2 {
      let expected = eliminated(matrix, b[system]).values
      let found = solution[0][system].values + solution[1][system].values
      expectClose(found, expected, relative: 1e-10)
    }
  }

  @Test func `what is not within the band is made up for, if it is little`() {
    let chain = Chain(cells: 15, components: 1, reach: 1)
    let b = Tensor.random([15], seed: 49)
    let matrix = tabulated([15, 15]) { index in
      index[0] == index[1] ? 4 : abs(index[0] - index[1]) == 1 ? -1 : 0.01
    }
    expectClose(solve(chain, matrix, b), eliminated(matrix, b), relative: 1e-12)
  }

  @Test func `a matrix that is no band, and a singular one, are told`() throws {
    let chain = Chain(cells: 15, components: 1, reach: 1)
    func failure(_ matrix: Tensor) -> LoopFailure.Kind? {
      let solve = compile { (matrix: Tensor, b: Tensor) in
        LinearSolve.record(
          [b], settings: Self.settings(chain), error: SolverError { Failed(kind: $0.kind) }
        ) { [matmul(matrix, $0[0])] }[0]
      }
      do {
        _ = try solve(matrix, Tensor.random([15], seed: 50))
        return nil
      } catch {
        return (error as? Failed)?.kind
      }
    }
    #expect(failure(Tensor.random([15, 15], seed: 51)) == .krylov)
    #expect(failure(.zeros([15, 15])) == .singular)
    #expect(failure(tabulated([15, 15]) { $0[0] == $0[1] ? .nan : 0 }) == .singular)
    #expect(failure(tabulated([15, 15]) { $0[0] == $0[1] ? 2 : 0 }) == nil)
  }
}
