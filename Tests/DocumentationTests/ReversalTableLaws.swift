import Foundation
import Testing
import Thalweg

/// The errors of reversal in docs/adjoints.md, measured again.
@Suite struct ReversalTableLaws {
  /// The columns of the table: dynamics, precision, steps, error of the start, error of the
  /// gradient.
  private static let rows = Repository.page("docs/adjoints.md").tableRows
    .filter { $0.count == 5 && ["single", "double"].contains($0[1]) }

  @Test(arguments: rows)
  func `reversal is as good as the table says`(_ row: [String]) throws {
    let steps = try #require(Int(row[2].filter { $0 != "," }))
    let dtype: DType = row[1] == "single" ? .float32 : .float64
    let found =
      switch row[0] {
      case "ring, swings of 0.1": try swings(of: 0.1, steps, dtype)
      case "ring, swings of 1": try swings(of: 1, steps, dtype)
      default: try relaxation(steps, dtype)
      }
    try expectMagnitude(found.start, row[3], row)
    try expectMagnitude(found.gradient, row[4], row)
  }

  @Test func `the table is there`() { #expect(Self.rows.count >= 8) }

  /// Rounding errors differ from machine to machine; their magnitude does not.
  private func expectMagnitude(_ found: Double, _ cell: String, _ row: [String]) throws {
    let said = try #require(Double(cell))
    #expect(abs(log10(found / said)) < 1.3, "\(row): found \(found)")
  }

  private func swings(
    of size: Double, _ steps: Int, _ dtype: DType
  ) throws -> (start: Double, gradient: Double) {
    let start = PhasePoint(
      q: size * Tensor.randomNormal([32], key: 3), p: size * Tensor.randomNormal([32], key: 4))
    return try errors(ring, Verlet(), start.mapLeaves { $0.to(dtype) }, steps) {
      sum(square($0.q)) + sum(square($0.p))
    }
  }

  private func relaxation(
    _ steps: Int, _ dtype: DType
  ) throws -> (start: Double, gradient: Double) {
    let field = ODE { t, y in -tanh(y) }
    let method = AsynchronousLeapfrog<ODE<Tensor>>(damping: 0.8)
    return try errors(field, method, Tensor([1.0]).to(dtype), steps) { sum(square($0)) }
  }

  /// The errors of the reconstructed start and of the gradient, relative, for steps of 0.1.
  private func errors<Method: ReversibleIntegrator>(
    _ field: Method.Field, _ method: Method, _ start: Method.Field.State, _ steps: Int,
    loss: (Method.Field.State) -> Tensor
  ) throws -> (start: Double, gradient: Double) {
    let span = 0...Double(steps) / 10
    let reversible = Flow(
      field, over: span, steps: steps, using: method, adjoint: ReversibleAdjoint(bound: .infinity))
    let direct = Flow(field, over: span, steps: steps, using: method)
    let found = try valueAndGradient(at: start) { loss(try reversible($0)) }.gradient
    let expected = try valueAndGradient(at: start) { loss(try direct($0)) }.gradient
    let difference = norm(found - expected) / norm(expected)
    return (reversible.statistics.reconstructionError ?? .nan, difference)
  }

  private func norm(_ tree: some TensorTree) -> Double {
    tree.leaves.flatMap(\.values).map { $0 * $0 }.reduce(0, +).squareRoot()
  }
}
