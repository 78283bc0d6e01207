import Testing
import Thalweg
import ThalwegLaws

/// A row of the table of methods, or what is found of a method.
private struct MethodRow: Equatable, CustomStringConvertible {
  var order: Int
  /// Nil where iterations decide.
  var evaluations: Int?
  var isReversible: Bool

  var description: String {
    "order \(order), \(evaluations ?? 0) evaluations, \(isReversible ? "" : "not ")undone"
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

  private let sum = Split(explicit: ODE { t, y in cos(t) + 0 * y }, implicit: ODE { t, y in -y })

  private var names: [String] {
    CataloguedMethod<ODE<Tensor>>.firstOrder.map(\.name)
      + CataloguedMethod<Split<ODE<Tensor>, ODE<Tensor>>>.split.map(\.name)
      + CataloguedMethod<SeparableODE>.separable.map(\.name)
      + CataloguedMethod<SecondOrderODE>.secondOrder.map(\.name)
  }

  @Test func `every method of the catalogue has one row`() {
    #expect(rows.map { $0[0] }.sorted() == names.map { "`\($0)`" }.sorted())
  }

  @Test func `methods for y' = f(t, y) are what the table says`() throws {
    for method in CataloguedMethod<ODE<Tensor>>.firstOrder {
      let row = try #require(entry(of: method.name))
      try expect(method, row, field: decay, from: [1])
      try expectLimit(row[5], method.stability.real, "real axis of \(method.name)") { x in
        try isBounded(method.integrator, decay.replacingLeaves(with: [Tensor(x)]), from: [1])
      }
      try expectLimit(
        row[6], method.stability.imaginary, "imaginary axis of \(method.name)",
        // Beyond the limits of pairs the growth is too slow to be seen so.
        showsGrowth: !EmbeddedTableau.all.map(\.name).contains(method.name)
      ) { x in
        try isBounded(method.integrator, rotation.replacingLeaves(with: [Tensor(x)]), from: [1, 0])
      }
    }
  }

  @Test func `methods for sums are what the table says`() throws {
    for method in CataloguedMethod<Split<ODE<Tensor>, ODE<Tensor>>>.split {
      let row = try #require(entry(of: method.name))
      try expect(method, row, field: sum, from: [1])
      #expect(row[2] == "f + g" && row[5] == "–" && row[6] == "–")
    }
  }

  @Test func `methods for separable dynamics are what the table says`() throws {
    let start = PhasePoint(q: [1], p: [0])
    for method in CataloguedMethod<SeparableODE>.separable {
      let row = try #require(entry(of: method.name))
      try expect(method, row, field: spring, from: start)
      try expectLimit(row[6], method.stability.imaginary, "imaginary axis of \(method.name)") { x in
        try isBounded(method.integrator, spring.replacingLeaves(with: [Tensor(x)]), from: start)
      }
    }
  }

  @Test func `methods for y'' = f(t, y) are what the table says`() throws {
    for method in CataloguedMethod<SecondOrderODE>.secondOrder {
      let row = try #require(entry(of: method.name))
      try expect(method, row, field: oscillation, from: [1])
      try expectLimit(row[6], method.stability.imaginary, "imaginary axis of \(method.name)") { x in
        try isBounded(method.integrator, oscillation.replacingLeaves(with: [Tensor(x)]), from: [1])
      }
    }
  }

  private func expect<Field>(
    _ method: CataloguedMethod<Field>, _ row: [String], field: Field, from start: Field.State
  ) throws {
    func found<Method: Integrator<Field>>(_ integrator: Method) throws -> MethodRow {
      func evaluations(_ steps: Int) throws -> Int {
        let flow = Flow(field, over: 0...1, steps: steps, using: integrator)
        _ = try flow(start)
        return flow.statistics.evaluations
      }
      return MethodRow(
        order: integrator.order,
        evaluations: method.isImplicit ? nil : (try evaluations(20) - evaluations(10)) / 10,
        isReversible: integrator is any ReversibleIntegrator<Field>)
    }
    let said = MethodRow(
      order: Int(row[3]) ?? 0, evaluations: row[4] == "–" ? nil : Int(row[4]) ?? 0,
      isReversible: row[7] == "yes")
    #expect(try found(method.integrator) == said, "\(row[0])")
  }

  /// Expects steps to be bounded below a limit of hλ and to grow beyond it, and the limit to be that
  /// of the catalogue.
  private func expectLimit(
    _ cell: String, _ claim: Double?, _ name: String, showsGrowth: Bool = true,
    isBounded: (Double) throws -> Bool
  ) throws {
    switch cell {
    case "–": #expect(claim == nil, "\(name)")
    case "∞":
      #expect(claim == .infinity, "\(name)")
      #expect(try isBounded(1e4), "\(name)")
    default:
      let limit = try #require(Double(cell), "\(name)")
      if let claim { #expect(abs(limit - claim) < 1e-4, "\(name)") }
      if limit > 0 { #expect(try isBounded(0.99 * limit), "\(name)") }
      guard showsGrowth else { return }
      // Methods that are unstable along the axis may grow slowly near 0.
      #expect(try !isBounded(limit > 0 ? 1.02 * limit : 0.5), "\(name)")
    }
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
