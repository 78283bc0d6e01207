import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Loops whose carried tensors change places, against the same steps written one after the other.
@Suite struct LoopRotationTests {
  typealias Body = @Sendable ([Tensor]) -> [Tensor]

  struct Form: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var carries: Int
    var body: Body
  }

  static let forms: [Form] = [
    Form(testDescription: "the last state is handed on", carries: 2) { y in
      [1.5 * y[0] - 0.5 * y[1] + 0.1 * sin(y[0]), y[0]]
    },
    Form(testDescription: "the last two states are handed on", carries: 3) { y in
      [y[0] + 0.1 * sin(y[2]), y[0], y[1]]
    },
    Form(testDescription: "states change places", carries: 2) { y in [y[1], y[0]] },
    Form(testDescription: "states go round, and one is computed", carries: 4) { y in
      [y[2], y[0], y[1], 0.5 * y[3] + y[0]]
    },
    Form(testDescription: "a state stays the same", carries: 3) { y in
      [y[0], 0.9 * y[1] + 0.1 * y[0], y[0]]
    },
    Form(testDescription: "two hand on the same", carries: 3) { y in
      [cos(y[0]) + 0.1 * y[1] * y[2], y[0], y[0]]
    },
    Form(testDescription: "a negative is handed on", carries: 3) { y in
      [0.3 * y[0] - y[1] + 0.1 * y[2], -y[0], -y[1]]
    },
    Form(testDescription: "a state is computed over itself", carries: 2) { y in
      [sin(y[0]), 0.5 * y[1] + y[0]]
    },
    Form(testDescription: "a state is read in another order", carries: 2) { y in
      [cos(exchanged(y[0])) + y[1], y[1] + sin(exchanged(y[1]))]
    },
    Form(testDescription: "nothing may be overwritten", carries: 2) { y in
      [y[1] + sum(y[0]) / Double(y[0].count), y[0]]
    },
  ]

  /// The elements of a matrix column by column.
  private static func exchanged(_ y: Tensor) -> Tensor {
    let rows = y.count % 50 == 0 ? 50 : 1
    return y.reshaped(to: [rows, y.count / rows]).transposed.reshaped(to: y.shape)
  }

  private func start(_ form: Form, _ count: Int) -> [Tensor] {
    (0..<form.carries).map { .random([count], seed: UInt64($0 + 1)) }
  }

  @Test(arguments: forms, 0...5)
  func `a loop is its steps one after the other`(form: Form, count: Int) throws {
    // Large tensors are computed over those that nobody needs any more.
    for size in [3, 5_000] {
      let loop = compile { (y: [Tensor]) in
        Loop.record(from: y, over: [], count: count) { carry, _ in (form.body(carry), []) }.final
      }
      let steps = compile { (y: [Tensor]) in (0..<count).reduce(y) { y, _ in form.body(y) } }
      let start = start(form, size)
      for (actual, expected) in zip(try loop(start), try steps(start)) {
        expectClose(actual, expected, relative: 1e-15)
      }
      // Nothing was written into the tensors that the loop was given.
      #expect(self.start(form, size).map(\.values) == start.map(\.values))
    }
  }

  @Test(arguments: forms, [0, 1, 4])
  func `its gradient is that of the steps`(form: Form, count: Int) throws {
    @Sendable func loss(_ y: [Tensor]) -> Tensor {
      y.enumerated().reduce(Tensor(0)) { $0 + Double($1.offset + 1) * sum(square($1.element)) }
    }
    for size in [3, 5_000] {
      let loop = compile { (y: [Tensor]) in
        gradient(at: y) { y in
          loss(Loop.record(from: y, over: [], count: count) { y, _ in (form.body(y), []) }.final)
        }
      }
      let steps = compile { (y: [Tensor]) in
        gradient(at: y) { y in loss((0..<count).reduce(y) { y, _ in form.body(y) }) }
      }
      for (actual, expected) in zip(try loop(start(form, size)), try steps(start(form, size))) {
        expectClose(actual, expected, relative: 1e-13)
      }
    }
  }

  @Test func `handing on costs no call`() throws {
    let plan = try compile { (y: [Tensor]) in
      Loop.record(from: y, over: [], count: 9) { carry, _ in
        (Self.forms[0].body(carry), [])
      }.final
    }.plan(for: start(Self.forms[0], 5_000))
    #expect(!plan.description.contains("copy"))
    // Two buffers of states beside what the loop is given and returns.
    #expect(plan.arenaBytes < 3 * 5_000 * 8)
  }

  @Test(arguments: [0, 7, 4_096])
  func `a guard finds what is not finite in large tensors too`(element: Int) throws {
    let watch = LoopGuard(count: 2) { $0 }
    let function = compile { (y: [Tensor]) in
      Loop.record(from: y, over: [], count: 5, watch: watch) { y, _ in
        ([y[1] * y[1], y[0]], [])
      }.final
    }
    // Squared again and again, 10^60 passes the largest number at the fifth iteration.
    let values = (0..<5_000).map { $0 == element ? 1e60 : 0.5 }
    let y = Tensor(values)
    let failure = #expect(throws: LoopFailure.self) { try function([y, y]) }
    #expect(failure?.element == element && failure?.leaf == 0 && failure?.iteration == 4)
    #expect(try function([0.5 * y / y, 0.5 * y / y])[0].count == 5_000)
  }
}
