/// Programs that advance what is carried over a grid of steps of any size, and their buffers.
///
/// All of it may be repeated for samples, each with steps of its own: then buffers outside hold one
/// after the other what the programs see of one sample.
package struct GridForm: Sendable {
  /// A program and how often it evaluates dynamics.
  package struct Part: Sendable {
    package var program: Program
    package var evaluations: Int

    /// Creates a part.
    package init(_ program: Program, evaluations: Int) {
      self.program = program
      self.evaluations = evaluations
    }
  }

  /// A buffer that only the programs see.
  package struct Leaf: Sendable {
    package var count: Int
    package var dtype: DType

    /// Creates a buffer of `count` elements.
    package init(count: Int, dtype: DType) {
      self.count = count
      self.dtype = dtype
    }
  }

  /// A buffer that passes from step to step.
  package struct Carry: Sendable {
    package var initial: Operand
    /// Where its value after the last step goes; nil where nobody wants it.
    package var result: Operand?
    package var leaf: Leaf

    /// Creates a carried buffer.
    package init(initial: Operand, result: Operand?, leaf: Leaf) {
      self.initial = initial
      self.result = result
      self.leaf = leaf
    }
  }

  /// A result at each of some times, one behind the other.
  package struct Emission: Sendable {
    package var place: Operand
    package var leaf: Leaf

    /// Creates a result.
    package init(_ place: Operand, _ leaf: Leaf) {
      self.place = place
      self.leaf = leaf
    }
  }

  /// Which states are recorded for walking back.
  package enum Recording: Hashable, Sendable {
    /// None.
    case nothing
    /// The state before each step.
    case everything
    /// So many states, wherever they are best.
    case checkpoints(Int)
  }

  /// Time, step, carried, shared → carried, dense, and what step control asks for.
  package var step: Part
  /// Time, step, carried, shared → carried, where dynamics jump.
  package var restart: Part?
  /// Part of a step, its size, carried before and after it, dense → emitted.
  package var interpolation: Part?
  /// The type of time, step and part.
  package var scalar: DType
  package var carries: [Carry]
  /// What a step computes for interpolation.
  package var dense: [Leaf]
  package var shared: [(Operand, DType)]
  package var emissions: [Emission]
  /// The times of the emissions in the order of the walk, doubles.
  package var times: Operand
  package var timeCount: Int
  package var samples: Int
  package var recording: Recording
  /// Where the numbers of the tapes with the grid and with the states go; nil where nobody reads
  /// them.
  package var gridNumber: Operand?
  package var stateNumber: Operand?

  /// Creates a form without interpolation, restarts and recording.
  package init(step: Part, scalar: DType, carries: [Carry], shared: [(Operand, DType)]) {
    self.step = step
    self.scalar = scalar
    self.carries = carries
    self.shared = shared
    dense = []
    emissions = []
    times = Operand(.record)
    timeCount = 0
    samples = 1
    recording = .nothing
  }

  /// The programs of the walk.
  var programs: [Program] { [step, restart, interpolation].compactMap { $0?.program } }

  /// Every buffer that the walk reads or writes.
  var touched: [Slot] {
    let operands =
      carries.flatMap { [$0.initial, $0.result].compactMap { $0 } } + shared.map(\.0)
      + emissions.map(\.place) + [gridNumber, stateNumber].compactMap { $0 }
    return (operands + (timeCount > 0 ? [times] : [])).map(\.slot)
  }
}
