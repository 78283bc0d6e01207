/// A walk whose steps are chosen so that their errors stay within a tolerance.
///
/// Behind what is carried and dense, the program of a step computes for each of `errors` the sum of
/// the squared errors in units of the tolerance, and a sentinel for each carried buffer that has one.
package struct AdaptiveForm: Sendable {
  /// A time at which a step must end.
  package struct Stop: Hashable, Sendable, BitwiseCopyable {
    package var time: Double
    /// Whether dynamics jump there, so that the step must end just before.
    package var isJump: Bool

    /// Creates a time at which a step must end.
    package init(_ time: Double, isJump: Bool) {
      self.time = time
      self.isJump = isJump
    }
  }

  package var grid: GridForm
  /// The types of the sums of squares.
  package var errors: [DType]
  /// How many squares are summed in all.
  package var componentCount: Int
  /// Which carried buffers have a sentinel, a number that is not finite if the buffer is not.
  package var hasSentinel: [Bool]
  /// The size of the first step for each sample, doubles without sign; with events what these say.
  package var firstSteps: Operand
  package var start: Double
  /// The times at which steps must end, in the order of the walk; the last one is the end.
  package var stops: [Stop]
  package var controller: StepController
  /// The number of equal steps from the start to the end, whatever their errors; 0 where their size
  /// is controlled.
  package var equalSteps = 0
  /// What is looked for between the ends of steps.
  package var events: EventForm?
  /// How steps are kept within a stability region; nil where they are not.
  package var stability: StabilityForm?

  /// Creates the form of a walk.
  package init(
    grid: GridForm, errors: [DType], componentCount: Int, hasSentinel: [Bool], firstSteps: Operand,
    start: Double, stops: [Stop], controller: StepController
  ) {
    self.grid = grid
    self.errors = errors
    self.componentCount = componentCount
    self.hasSentinel = hasSentinel
    self.firstSteps = firstSteps
    self.start = start
    self.stops = stops
    self.controller = controller
  }
}
