import Testing
import Thalweg
import ThalwegLaws

/// A number of a tableau, which a misprint may change.
private struct Entry: CustomStringConvertible {
  let description: String
  let change: (inout Numbers, (Double) -> Double) -> Void
}

/// The numbers of a tableau apart from what they must satisfy.
private struct Numbers {
  var a: [[Double]]
  var c: [Double]
  var errors: [[Double]]
  var dense: [[Double]]

  init(_ tableau: EmbeddedTableau) {
    (a, c) = (tableau.a, tableau.c)
    (errors, dense) = (tableau.errors.map(\.weights), tableau.dense)
  }

  func tableau(like other: EmbeddedTableau) -> EmbeddedTableau {
    EmbeddedTableau(
      name: other.name, order: other.order, a: a, b: a[other.stages], c: c,
      errors: zip(errors, other.errors).map { .init(weights: $0, order: $1.order) },
      denseOrder: other.denseOrder, dense: dense)
  }

  /// Every number that is not 0.
  var entries: [Entry] {
    let tables: [(String, WritableKeyPath<Numbers, [[Double]]>)] = [
      ("a", \.a), ("errors", \.errors), ("dense", \.dense),
    ]
    let listed = tables.flatMap { name, table in
      self[keyPath: table].indices.flatMap { row in
        self[keyPath: table][row].indices.filter { self[keyPath: table][row][$0] != 0 }.map { i in
          Entry(description: "\(name)[\(row)][\(i)]") { numbers, change in
            numbers[keyPath: table][row][i] = change(numbers[keyPath: table][row][i])
          }
        }
      }
    }
    return listed
      + c.indices.filter { c[$0] != 0 }.map { i in
        Entry(description: "c[\(i)]") { numbers, change in numbers.c[i] = change(numbers.c[i]) }
      }
  }
}

@Suite struct EmbeddedTableauTests {
  /// The tenth digit of the smallest numbers, which stand beside others that are a million times as
  /// large, and the twelfth of the rest.
  @Test(arguments: EmbeddedTableau.all)
  func `a misprint in any number breaks a condition of order`(tableau: EmbeddedTableau) {
    func breaks(_ entry: Entry, by size: Double) -> Bool {
      var numbers = Numbers(tableau)
      entry.change(&numbers) { $0 * (1 + size) }
      return numbers.tableau(like: tableau).orderConditionLaws.contains { !$0.check().passes }
    }
    let entries = Numbers(tableau).entries
    #expect(entries.count > 20)
    for entry in entries {
      #expect(breaks(entry, by: 1e-12) || breaks(entry, by: 1e-9), "\(entry)")
    }
    let sharp = entries.count { breaks($0, by: 1e-12) }
    #expect(Double(sharp) > 0.9 * Double(entries.count), "\(sharp) of \(entries.count)")
  }

  @Test(arguments: EmbeddedTableau.all)
  func `a tableau is of no higher order than it says`(tableau: EmbeddedTableau) {
    let step = OrderConditions(Array(tableau.a.prefix(tableau.stages)))
    #expect(step.error(tableau.b, order: tableau.order + 1) > 1e-7)
    for estimate in tableau.errors {
      let error = OrderConditions(tableau.a)
        .error(estimate.weights, order: estimate.order + 1, of: true)
      #expect(error > 1e-4, "an estimate of order \(estimate.order)")
    }
  }

  @Test func `estimates fall with the powers that are published`() {
    let powers = EmbeddedTableau.all.map(\.errorOrder)
    #expect(powers == [3, 5, 5, 6, 8])
    #expect(EmbeddedTableau.all.map(\.order) == [3, 5, 5, 6, 8])
    #expect(EmbeddedTableau.all.map(\.denseOrder) == [3, 4, 4, 5, 7])
    #expect(EmbeddedTableau.all.map(\.stages) == [3, 6, 6, 8, 12])
  }

  @Test func `rows that do not fit together trap`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = EmbeddedTableau(
        name: "short", order: 1, a: [[], [1]], b: [1], c: [0],
        errors: [.init(weights: [0], order: 1)], denseOrder: 1, dense: [[1], [0]])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("tableau short: 2 polynomials and 1 nodes for 2 slopes"))
  }
}
