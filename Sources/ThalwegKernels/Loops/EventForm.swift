/// What an ``AdaptiveForm`` looks for between the ends of its steps: conditions that pass zero.
///
/// For each sample the head of the walk holds the size of the first step, the time of the beginning,
/// the number of events that may still happen, and for each condition whether it has just passed
/// zero, all of them doubles. What was found is, for each sample, the time at which the last step
/// ended, the size of the step from there to the event, which condition passed zero or -1, the size
/// of the next step without sign, and for each condition whether it passed zero there.
package struct EventForm: Sendable {
  /// The ways through zero that count, in the order of the walk.
  package struct Passage: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt8

    /// Creates a set.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// From negative to positive numbers.
    package static let rising = Passage(rawValue: 1)
    /// From positive to negative ones.
    package static let falling = Passage(rawValue: 2)
  }

  /// Time, step, carried, shared → the value of each condition, doubles.
  package var values: GridForm.Part
  /// The same → the derivative of each condition in time.
  package var rates: GridForm.Part
  /// Time, step, carried before and after it, dense, shared → the values within the step.
  package var inner: GridForm.Part?
  /// The parts of equal length into which a step is divided.
  package var partCount: Int
  package var passages: [Passage]
  package var shared: [(Operand, DType)]
  /// Where goes what was found.
  package var found: Operand

  /// Creates the form of a search that looks at the ends of steps.
  package init(
    values: GridForm.Part, rates: GridForm.Part, passages: [Passage],
    shared: [(Operand, DType)], found: Operand
  ) {
    self.values = values
    self.rates = rates
    self.passages = passages
    self.shared = shared
    self.found = found
    partCount = 1
  }

  /// The number of doubles in the head of a sample before those of the conditions.
  package static let headCount = 3
  /// The number of doubles found for a sample before those of the conditions.
  package static let foundCount = 4

  var touched: [Slot] { shared.map(\.0.slot) + [found.slot] }
}

/// An ``EventForm`` as plain addresses.
struct EventImage: BitwiseCopyable {
  var values: GridProgram
  var rates: GridProgram
  var inner: GridProgram?
  var partCount: Int
  var passages: UnsafePointer<EventForm.Passage>
  var count: Int
  var shared: UnsafePointer<LoopImage.Address>
  var sharedCount: Int
  var found: LoopImage.Address
  /// Where time and step lie in the frame, 64 bytes each.
  var scalars: Int
  /// Where rows of doubles lie in the frame, one for each condition.
  var rows: Int

  /// The rows: signs, whether a condition has just passed zero, rates, values that are tried, and
  /// the values at the beginning of each part of a step and at its end.
  static func rowCount(parts: Int) -> Int { 5 + parts }
}

extension ProgramBuilder {
  /// Translates a form into addresses within a frame.
  mutating func image(of form: EventForm, in frame: inout GridFrame) -> EventImage {
    for part in [form.values, form.rates, form.inner].compactMap({ $0 }) { adopt(part.program) }
    let doubles = form.passages.count * EventImage.rowCount(parts: form.partCount)
    return EventImage(
      values: frame.place(form.values), rates: frame.place(form.rates),
      inner: form.inner.map { frame.place($0) }, partCount: form.partCount,
      passages: arguments.store(form.passages), count: form.passages.count,
      shared: arguments.store(form.shared.map { LoopImage.Address($0.0, $0.1) }),
      sharedCount: form.shared.count, found: .init(form.found, .float64),
      scalars: frame.reserve(2 * Storage.alignment),
      rows: frame.reserve(doubles * MemoryLayout<Double>.size))
  }
}
