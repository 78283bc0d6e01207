/// The pullback of a walk over a grid, from the last step to the first.
///
/// States that were not recorded are computed again.
package struct GridPullbackForm: Sendable {
  /// A cotangent that passes from step to step.
  package struct Cotangent: Sendable {
    /// Its value after the last step; nil where it begins with 0.
    package var final: Operand?
    package var result: Operand

    /// Creates a cotangent.
    package init(final: Operand?, result: Operand) {
      self.final = final
      self.result = result
    }
  }

  /// Time, step, carried, shared → carried.
  package var advance: GridForm.Part
  /// Time, step, carried, shared → carried, dense; nil where nothing is emitted.
  package var replay: GridForm.Part?
  /// Time, step, carried, shared → carried, where dynamics jump.
  package var restart: GridForm.Part?
  /// Time, step, carried, shared, cotangents after it, sums, and with a replay cotangents of dense
  /// and more of carried → cotangents before it, sums.
  package var pullback: GridForm.Part
  /// The same for a restart, without what comes with a replay.
  package var restartPullback: GridForm.Part?
  /// Part of a step, its size, carried before and after it, dense, cotangents of what is emitted,
  /// sums of those of carried before and after and of dense → these sums.
  package var emissionPullback: GridForm.Part?
  package var scalar: DType
  /// The carried buffers with their initial values; nothing is returned to them.
  package var carries: [GridForm.Carry]
  package var dense: [GridForm.Leaf]
  package var shared: [(Operand, DType)]
  /// The cotangent of each carried buffer.
  package var cotangents: [Cotangent]
  /// Cotangents of shared buffers, to which all steps add; samples one after the other.
  package var sums: [GridForm.Emission]
  /// Which of the sums the pullbacks may write over what they read.
  package var reusedSums: Set<Int>
  /// The cotangents of what was emitted at each of the times.
  package var emissions: [GridForm.Emission]
  package var times: Operand
  package var timeCount: Int
  package var samples: Int
  package var recording: GridForm.Recording
  /// The numbers of the tapes with the grid and with the states.
  package var gridNumber: Operand
  package var stateNumber: Operand

  /// Creates the pullback of a walk in which nothing is emitted and nothing jumps.
  package init(
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
