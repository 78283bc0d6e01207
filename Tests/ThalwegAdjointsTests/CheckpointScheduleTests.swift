import Testing
import ThalwegAdjoints
import ThalwegKernels

@Suite struct CheckpointScheduleTests {
  private static let mostSteps = 40
  private static let budgets = Array(0...6)

  /// The fewest steps that pulling back from a stored state takes, by trying every split.
  ///
  ///     T(n, s) = min over m of m + T(n - m, s - 1) + T(m, s)
  ///
  /// and for the first time, when the flow has run through already and stored states in passing,
  ///
  ///     F(n, s) = min over m of F(n - m, s - 1) + T(m, s)
  private static let optimum: (again: [[Int]], first: [[Int]]) = {
    let unknown = [[Int]](
      repeating: [Int](repeating: 0, count: mostSteps + 1), count: budgets.count)
    var (again, first) = (unknown, unknown)
    for s in budgets {
      for n in 2...mostSteps {
        guard s > 0 else {
          again[s][n] = n * (n - 1) / 2
          first[s][n] = n * (n - 1) / 2
          continue
        }
        let splits = 1..<n
        again[s][n] = splits.map { $0 + again[s - 1][n - $0] + again[s][$0] }.min() ?? 0
        first[s][n] = splits.map { first[s - 1][n - $0] + again[s][$0] }.min() ?? 0
      }
    }
    return (again, first)
  }()

  private func advances(_ schedule: CheckpointSchedule) -> [Int] {
    schedule.actions.compactMap { action in
      if case .advance(let step) = action { step } else { nil }
    }
  }

  @Test(arguments: budgets) func `no schedule recomputes fewer steps`(budget: Int) {
    for steps in 1...Self.mostSteps {
      let schedule = CheckpointSchedule(steps: steps, budget: budget)
      #expect(advances(schedule).count == Self.optimum.first[budget][steps], "\(steps) steps")
    }
  }

  /// The binomial coefficient (s + r)! / (s! r!).
  private func β(_ s: Int, _ r: Int) -> Int {
    (0..<r).reduce(1) { $0 * (s + $1 + 1) / ($1 + 1) }
  }

  @Test(arguments: budgets + [10, 20]) func `the cost is the closed form`(budget: Int) {
    for steps in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377] {
      let schedule = CheckpointSchedule(steps: steps, budget: budget)
      let r = (0...).first { β(budget + 1, $0 + 1) > steps } ?? 0
      #expect(advances(schedule).count == r * (steps + 1) + 1 - β(budget + 2, r))
      let counts = Dictionary(grouping: advances(schedule)) { $0 }.values.map(\.count)
      #expect(counts.allSatisfy { $0 <= r })
    }
  }

  /// Follows a schedule with numbers for states: state j is the one before step j.
  @Test(arguments: budgets + [20, 100]) func `every step is pulled back from its state`(budget: Int)
    throws
  {
    for steps in 1...60 {
      let schedule = CheckpointSchedule(steps: steps, budget: budget)
      #expect(schedule.kept == schedule.kept.sorted() && schedule.kept.count <= budget)
      var stored = Array(schedule.kept.map(Optional.some))
      stored += [Int?](repeating: nil, count: Swift.max(0, budget - stored.count))
      var state: Int?
      var next = steps - 1
      for action in schedule.actions {
        switch action {
        case .restore(let checkpoint): state = checkpoint < 0 ? 0 : stored[checkpoint]
        case .store(let checkpoint): stored[checkpoint] = state
        case .advance(let step):
          #expect(state == step)
          state = step + 1
        case .pullback(let step):
          #expect(state == step && step == next)
          next -= 1
        }
      }
      #expect(next == -1)
    }
  }

  @Test func `no steps take no actions`() {
    #expect(CheckpointSchedule(steps: 0, budget: 3).actions.isEmpty)
  }
}
