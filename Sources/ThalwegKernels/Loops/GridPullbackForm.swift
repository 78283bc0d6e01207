/// The pullback of a walk over a grid, from the last step to the first.
///
/// States that were not recorded are computed again.
public struct GridPullbackForm: Sendable {
  /// A cotangent that passes from step to step.
  public struct Cotangent: Sendable {
    /// Its value after the last step; nil where it begins with 0.
    public var final: Operand?
    public var result: Operand

    /// Creates a cotangent.
    public init(final: Operand?, result: Operand) {
      self.final = final
      self.result = result
    }
  }

  /// Time, step, carried, shared → carried.
  public var advance: GridForm.Part
  /// Time, step, carried, shared → carried, dense; nil where nothing is emitted.
  public var replay: GridForm.Part?
  /// Time, step, carried, shared → carried, where dynamics jump.
  public var restart: GridForm.Part?
  /// Time, step, carried, shared, cotangents after it, sums, and with a replay cotangents of dense
  /// and more of carried → cotangents before it, sums.
  public var pullback: GridForm.Part
  /// The same for a restart, without what comes with a replay.
  public var restartPullback: GridForm.Part?
  /// Part of a step, its size, carried before and after it, dense, cotangents of what is emitted,
  /// sums of those of carried before and after and of dense → these sums.
  public var emissionPullback: GridForm.Part?
  public var scalar: DType
  /// The carried buffers with their initial values; nothing is returned to them.
  public var carries: [GridForm.Carry]
  public var dense: [GridForm.Leaf]
  public var shared: [(Operand, DType)]
  /// The cotangent of each carried buffer.
  public var cotangents: [Cotangent]
  /// Cotangents of shared buffers, to which all steps add; samples one after the other.
  public var sums: [GridForm.Emission]
  /// Which of the sums the pullbacks may write over what they read.
  public var reusedSums: Set<Int>
  /// The cotangents of what was emitted at each of the times.
  public var emissions: [GridForm.Emission]
  public var times: Operand
  public var timeCount: Int
  public var samples: Int
  public var recording: GridForm.Recording
  /// The numbers of the tapes with the grid and with the states.
  public var gridNumber: Operand
  public var stateNumber: Operand

  /// Creates the pullback of a walk in which nothing is emitted and nothing jumps.
  public init(
    advance: GridForm.Part, pullback: GridForm.Part, scalar: DType, carries: [GridForm.Carry],
    cotangents: [Cotangent], shared: [(Operand, DType)], sums: [GridForm.Emission],
    gridNumber: Operand, stateNumber: Operand
  ) {
    self.advance = advance
    self.pullback = pullback
    self.scalar = scalar
    self.carries = carries
    self.cotangents = cotangents
    self.shared = shared
    self.sums = sums
    self.gridNumber = gridNumber
    self.stateNumber = stateNumber
    dense = []
    reusedSums = []
    emissions = []
    times = Operand(.record)
    timeCount = 0
    samples = 1
    recording = .everything
  }

  var parts: [GridForm.Part] {
    [advance, replay, restart, pullback, restartPullback, emissionPullback].compactMap { $0 }
  }

  /// Every buffer that the pullback reads or writes.
  var touched: [Slot] {
    let operands =
      carries.map(\.initial) + cotangents.flatMap { [$0.final, $0.result].compactMap { $0 } }
      + shared.map(\.0) + sums.map(\.place) + emissions.map(\.place) + [gridNumber, stateNumber]
    return (operands + (timeCount > 0 ? [times] : [])).map(\.slot)
  }
}
