/// How a flow will be differentiated, and why.
///
///     let plan = try flow.plan(from: y0)
///     print(plan.explanation)
///
/// A plan depends on the sizes of states, on the kind of the method and of the dynamics, and, where it
/// was made for a state, on how much undoing the steps from there would amplify rounding.
public struct AdjointPlan: Hashable, Sendable {
  /// The ways to a gradient.
  public enum Choice: Hashable, Sendable {
    /// All states are stored.
    case direct
    /// So many states are stored, and the others computed again.
    case checkpointed(budget: Int)
    /// Steps are undone, in so many segments.
    case reversible(segments: Int)
  }

  /// What was chosen.
  public let choice: Choice
  /// The number of steps; 0 where their size is controlled.
  public let steps: Int
  /// The bytes of what is carried from step to step.
  public let stateBytes: Int
  /// The bytes of states that may be stored.
  public let budget: Int
  /// How much larger a step back makes the error of a state at worst; nil where that is not known.
  public let amplification: Double?
  /// The largest relative error of a reconstructed state that is expected; 0 where none is, and nil
  /// where it is not known.
  public let expectedError: Double?
  /// What the relative error of the gradient stays below; 0 where it is that of stored states, bit for
  /// bit.
  ///
  /// A sixteenth of it is allowed to each state that can be compared with a stored one; a gradient is
  /// an error where that is exceeded.
  public let errorBound: Double
  /// The number of products with the Jacobian of a step that the plan took.
  public let products: Int
  let reason: AdjointReason

  /// The part of the bound that is allowed to states.
  static let shareOfStates = 1.0 / 16

  /// The bytes of states that are stored while steps are taken.
  public var storedBytes: Int {
    switch choice {
    case .direct: steps * stateBytes
    case .checkpointed(let count): Swift.min(count, Swift.max(steps, 1)) * stateBytes
    case .reversible(let segments): (segments - 1) * stateBytes
    }
  }

  /// The plan in words.
  public var explanation: String { "\(summary) \(reason.sentence(for: self))" }

  private var summary: String {
    switch choice {
    case .direct: "Every state is stored."
    case .checkpointed(let count):
      "\(count) states are stored, and the others computed again from them."
    case .reversible(1): "Steps are undone, from the last state to the first."
    case .reversible(let segments):
      "Steps are undone in \(segments) segments, before each of which the state is stored."
    }
  }
}

/// Why an ``AdjointPlan`` is what it is.
enum AdjointReason: Hashable, Sendable {
  /// There is room for all states.
  case fits
  /// The number of steps is not known before.
  case unknownSteps
  /// There is no formula that undoes a step.
  case irreversible
  /// The dynamics move each half of the state by the other one, which loses nothing by itself.
  case conserving
  /// Steps in exact arithmetic are undone to the last bit.
  case exact
  /// It is not known what undoing a step does to errors.
  case unknownGrowth
  /// What undoing does to errors has been computed.
  case growth

  func sentence(for plan: AdjointPlan) -> String {
    let all = Self.size(plan.steps * plan.stateBytes)
    let room = Self.size(plan.budget)
    let need = "All \(plan.steps) states would take \(all), more than \(room)."
    switch self {
    case .fits: return "They take \(all) of the \(room) allowed."
    case .unknownSteps:
      return "The number of steps is not known before; a state takes \(Self.size(plan.stateBytes))."
    case .irreversible: return "\(need) No formula undoes a step of this method."
    case .conserving:
      return "\(need) The dynamics move each half of the state by the other, which loses no"
        + " information by itself; the states that are reached are compared with stored ones."
    case .exact: return "\(need) In exact arithmetic undoing steps returns every bit."
    case .unknownGrowth:
      return "\(need) Whether steps can be undone depends on the state; a plan for one knows."
    case .growth: return "\(need) \(growth(plan))"
    }
  }

  private func growth(_ plan: AdjointPlan) -> String {
    guard let factor = plan.amplification else { return "" }
    let words =
      factor > 1
      ? "A step back makes errors larger by the factor \(Self.number(factor)) at worst"
      : "A step back does not make errors larger"
    guard case .reversible = plan.choice, let error = plan.expectedError else {
      return "\(words), which no useful number of segments contains."
    }
    return "\(words); the largest error of a state is expected to be \(Self.number(error))."
  }

  /// A number with two digits.
  private static func number(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "\(value)" }
    var (mantissa, exponent) = (value, 0)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let digits = (mantissa * 10).rounded() / 10
    return (-2...3).contains(exponent)
      ? "\((value * 100).rounded() / 100)" : "\(digits)e\(exponent)"
  }

  private static func size(_ bytes: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1000, unit + 1 < units.count { (value, unit) = (value / 1000, unit + 1) }
    return unit == 0 ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
  }
}
