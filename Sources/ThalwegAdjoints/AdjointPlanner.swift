import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels

/// Decides how a flow is differentiated.
struct AdjointPlanner<Method: Integrator> {
  private let budget: Int
  private let steps: Int
  private let stateBytes: Int
  private let bound: Double
  private let rounding: Double
  private let isExact: Bool

  /// Each segment is compiled by itself.
  private static var mostSegments: Int { 32 }
  /// With controlled steps, more checkpoints than this would save nothing.
  private static var mostCheckpoints: Int { 4096 }
  /// Rounding in a step back is no more than so many units of what is measured in one.
  private static var caution: Double { 16 }

  init(
    _ adjoint: AutomaticAdjoint<Method>, steps: Int, _ stateBytes: Int, dtype: DType,
    isExact: Bool
  ) {
    self.isExact = isExact
    budget = adjoint.budget
    self.steps = steps
    self.stateBytes = stateBytes
    rounding = dtype == .float32 ? Double(Float.ulpOfOne) : .ulpOfOne
    bound = adjoint.bound ?? rounding.squareRoot()
  }

  /// The largest relative error of a state that can be compared with a stored one.
  var stateBound: Double { bound * AdjointPlan.shareOfStates }

  /// How many states there is room for.
  private var room: Int { stateBytes == 0 ? .max : budget / stateBytes }

  private var undoesSteps: Bool { Method.self is any ReversibleIntegrator.Type }

  /// Whether each half of the state moves by a function of the other.
  private var isConserving: Bool {
    Method.Field.self is any SeparableDynamics.Type
      || Method.Field.self is any SecondOrderDynamics.Type
  }

  /// What is recorded of steps of controlled size.
  var recording: GridForm.Recording {
    room >= Self.mostCheckpoints * 16
      ? .everything : .checkpoints(Swift.min(room, Self.mostCheckpoints))
  }

  /// What follows from sizes and kinds alone.
  func structural() -> AdjointPlan {
    if let plan = simple() { return plan }
    guard isConserving else { return checkpointed(.unknownGrowth) }
    return reversible(
      segments: Swift.max(1, Swift.min(8, room, steps / 2)), .conserving, growth: nil,
      expected: nil)
  }

  /// The plan where nothing has to be known of errors.
  func simple() -> AdjointPlan? {
    guard steps > 0 else {
      if case .checkpoints(let count) = recording {
        return plan(.checkpointed(budget: count), .unknownSteps)
      }
      return plan(.direct, .unknownSteps)
    }
    if room >= steps { return plan(.direct, .fits) }
    guard undoesSteps else { return checkpointed(.irreversible) }
    return isExact ? plan(.reversible(segments: 1), .exact) : nil
  }

  /// What follows where it is known how errors grow.
  func planned(_ growth: [ReversalGrowth], products: Int) -> AdjointPlan {
    let most = Swift.max(1, Swift.min(Self.mostSegments, room + 1, steps))
    let worst = growth.map(\.factor).max() ?? .infinity
    for segments in 1...most {
      let ranges = ReversibleLoopAdjoint.segments(of: steps, segments)
      let error = ranges.map { expectedError($0, growth) }.max() ?? 0
      // Written so that a NaN is too large.
      guard error <= stateBound else { continue }
      return reversible(
        segments: segments, .growth, growth: worst, expected: error, products: products)
    }
    return checkpointed(.growth, growth: worst, products: products)
  }

  /// The error of a state at the beginning of a segment, where each step back adds an error and
  /// multiplies the one there is.
  private func expectedError(_ segment: Range<Int>, _ growth: [ReversalGrowth]) -> Double {
    var error = 0.0
    for step in segment.reversed() {
      let position = Double(step) / Double(Swift.max(steps, 1)) * Double(growth.count - 1)
      let place = Swift.min(Int(position), growth.count - 1)
      let next = Swift.min(place + 1, growth.count - 1)
      let factor = Swift.max(growth[place].factor, growth[next].factor)
      let added = Swift.max(growth[place].added, growth[next].added, rounding)
      error = error * factor + Self.caution * added
      if !(error <= 1) { return .infinity }
    }
    return error
  }

  // MARK: - Plans

  private func checkpointed(
    _ reason: AdjointReason, growth: Double? = nil, products: Int = 0
  ) -> AdjointPlan {
    plan(
      .checkpointed(budget: Swift.max(0, Swift.min(room, steps))), reason, growth: growth,
      products: products)
  }

  private func reversible(
    segments: Int, _ reason: AdjointReason, growth: Double?, expected: Double?, products: Int = 0
  ) -> AdjointPlan {
    plan(
      .reversible(segments: segments), reason, growth: growth, expected: expected, bound: bound,
      products: products)
  }

  private func plan(
    _ choice: AdjointPlan.Choice, _ reason: AdjointReason, growth: Double? = nil,
    expected: Double? = 0, bound: Double = 0, products: Int = 0
  ) -> AdjointPlan {
    AdjointPlan(
      choice: choice, steps: steps, stateBytes: stateBytes, budget: budget,
      amplification: growth, expectedError: expected, errorBound: bound, products: products,
      reason: reason)
  }
}

/// What undoing a step does to errors.
struct ReversalGrowth {
  /// By how much it multiplies those there are.
  var factor: Double
  /// What it adds.
  var added: Double
}
