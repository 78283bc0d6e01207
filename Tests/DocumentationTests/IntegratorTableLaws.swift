import Testing
import Thalweg
import ThalwegLaws

/// A row of the table of methods, or what is found of a method.
private struct MethodRow: Equatable, CustomStringConvertible {
  var order: Int
  var evaluations: Int
  var isReversible: Bool

  var description: String {
    "order \(order), \(evaluations) evaluations, \(isReversible ? "" : "not ")undone"
  }
}

/// The columns of the table: name, method, equation, order, evaluations, real axis, imaginary axis,
/// undone, source.
private let rows = Repository.page("docs/integrators.md").tableRows.filter { $0.count == 9 }

private func entry(of name: String) -> [String]? { rows.first { $0[0] == "`\(name)`" } }

/// What docs/integrators.md says of the methods.
@Suite struct IntegratorTableLaws {
  private let decay = ODE(Tensor(1)) { t, y, k in -k * y }
  private let rotation = ODE(Tensor(1)) { t, y, k in k * matmul(y, [[0, -1], [1, 0]]) }
  private let spring = SeparableODE(Tensor(1)) { t, p, k in
    k * p
  } force: { t, q, k in
    -k * q
  }
  private let oscillation = SecondOrderODE(Tensor(1)) { t, y, k in -k * k * y }

  private var names: [String] {
    CataloguedMethod<ODE<Tensor>>.firstOrder.map(\.name)
      + CataloguedMethod<SeparableODE>.separable.map(\.name)
      + CataloguedMethod<SecondOrderODE>.secondOrder.map(\.name)
  }

  @Test func `every method of the catalogue has one row`() {
    #expect(rows.map { $0[0] }.sorted() == names.map { "`\($0)`" }.sorted())
  }

  @Test func `methods for y' = f(t, y) are what the table says`() throws {
    for method in CataloguedMethod<ODE<Tensor>>.firstOrder {
      let row = try #require(entry(of: method.name))
      try expect(method.integrator, row, field: decay, from: [1])
      try expectLimit(row[5], "real axis of \(method.name)") { x in
        try isBounded(method.integrator, decay.replacingLeaves(with: [Tensor(x)]), from: [1])
      }
      try expectLimit(row[6], "imaginary axis of \(method.name)") { x in
        try isBounded(method.integrator, rotation.replacingLeaves(with: [Tensor(x)]), from: [1, 0])
      }
    }
  }

  @Test func `methods for separable dynamics are what the table says`() throws {
    let start = PhasePoint(q: [1], p: [0])
    for method in CataloguedMethod<SeparableODE>.separable {
      let row = try #require(entry(of: method.name))
      try expect(method.integrator, row, field: spring, from: start)
      try expectLimit(row[6], "imaginary axis of \(method.name)") { x in
        try isBounded(method.integrator, spring.replacingLeaves(with: [Tensor(x)]), from: start)
      }
    }
  }

  @Test func `methods for y'' = f(t, y) are what the table says`() throws {
    for method in CataloguedMethod<SecondOrderODE>.secondOrder {
      let row = try #require(entry(of: method.name))
      try expect(method.integrator, row, field: oscillation, from: [1])
      try expectLimit(row[6], "imaginary axis of \(method.name)") { x in
        try isBounded(method.integrator, oscillation.replacingLeaves(with: [Tensor(x)]), from: [1])
      }
    }
  }

  private func expect<Method: Integrator>(
    _ method: Method, _ row: [String], field: Method.Field, from start: Method.Field.State
  ) throws {
    func evaluations(_ steps: Int) throws -> Int {
      let flow = Flow(field, over: 0...1, steps: steps, using: method)
      _ = try flow(start)
      return flow.statistics.evaluations
    }
    let found = MethodRow(
      order: method.order, evaluations: (try evaluations(20) - evaluations(10)) / 10,
      isReversible: method is any ReversibleIntegrator<Method.Field>)
    let said = MethodRow(
      order: Int(row[3]) ?? 0, evaluations: Int(row[4]) ?? 0, isReversible: row[7] == "yes")
    #expect(found == said, "\(row[0])")
  }

  /// Expects steps to be bounded below a limit of hλ and to grow beyond it.
  private func expectLimit(
    _ cell: String, _ name: String, isBounded: (Double) throws -> Bool
  ) throws {
    let limit = try #require(Double(cell), "\(name)")
    if limit > 0 { #expect(try isBounded(0.99 * limit), "\(name)") }
    // Methods that are unstable along the axis may grow slowly near 0.
    #expect(try !isBounded(limit > 0 ? 1.02 * limit : 0.5), "\(name)")
  }

  /// Whether 3,000 steps of size 1 do not grow a thousandfold.
  private func isBounded<Method: Integrator>(
    _ method: Method, _ field: Method.Field, from start: Method.Field.State
  ) throws -> Bool {
    do {
      let end = try Flow(field, over: 0...3000, steps: 3000, using: method)(start)
      return end.leaves.flatMap(\.values).allSatisfy { abs($0) < 1e3 }
    } catch {
      return false
    }
  }
}
