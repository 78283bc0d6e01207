/// A program that runs once per iteration, and what it is bound to each time.
///
/// The body's inputs are the carried buffers, then the scanned ones, then the shared ones; its
/// outputs are the carried buffers of the next iteration that it computes, then the emitted ones, and
/// a sentinel for each carried buffer that has one. Binding is an exchange of pointers: nothing is
/// copied from one iteration to the next.
package struct LoopForm: Sendable {
  /// A buffer that passes from iteration to iteration.
  package struct Carry: Sendable {
    /// Its value before the first iteration.
    package var initial: Operand
    /// Where its value after the last iteration goes; nil where nobody wants it.
    package var result: Operand?
    /// Where the values before the kept iterations go, in the order of the sequences.
    package var kept: Operand?
    package var count: Int
    package var dtype: DType
    /// The carried buffer before an iteration that this one is after it, if it is not computed.
    package var source: Int?
    /// Whether the body may write it over what it was before, or over the last of those that are this
    /// one some iterations later.
    package var isInPlace: Bool
    /// Whether the body computes one number that is not finite if the buffer is beyond its limit.
    package var hasSentinel: Bool
    /// The limit of the magnitudes of a buffer that is checked.
    package var limit: Double

    /// Creates a carried buffer of `count` elements.
    ///
    /// Following the sources must end in a buffer that is computed or its own source; what has a
    /// source cannot be kept.
    package init(
      initial: Operand, result: Operand?, kept: Operand?, count: Int, dtype: DType,
      source: Int? = nil, isInPlace: Bool = false,
      hasSentinel: Bool = false, limit: Double = .infinity
    ) {
      self.initial = initial
      self.result = result
      self.kept = kept
      self.count = count
      self.dtype = dtype
      self.source = source
      self.isInPlace = isInPlace
      self.hasSentinel = hasSentinel
      self.limit = limit
    }
  }

  /// Buffers of which each iteration sees one.
  package enum Sequence: Sendable {
    /// Rows of one buffer, `count` elements each.
    case stacked(Operand, count: Int, DType)
    /// A buffer for each iteration.
    case listed([Operand], DType)
  }

  package var body: Program
  package var iterations: Int
  /// Whether iteration j of the loop sees element `iterations - 1 - j` of the sequences.
  package var isReversed: Bool
  package var carries: [Carry]
  /// The iterations whose carried buffers are kept, ascending.
  package var kept: [Int]
  package var scanned: [Sequence]
  package var shared: [(Operand, DType)]
  package var emitted: [Sequence]
  /// How many of the carried buffers are checked for numbers that are not below their limits.
  package var guarded: Int

  /// Creates the form of a loop.
  package init(
    body: Program, iterations: Int, isReversed: Bool, carries: [Carry], kept: [Int],
    scanned: [Sequence], shared: [(Operand, DType)], emitted: [Sequence], guarded: Int
  ) {
    self.body = body
    self.iterations = iterations
    self.isReversed = isReversed
    self.carries = carries
    self.kept = kept
    self.scanned = scanned
    self.shared = shared
    self.emitted = emitted
    self.guarded = guarded
  }

  /// Every buffer that running the loop reads or writes.
  var touched: [Slot] {
    var operands = carries.flatMap { [$0.initial, $0.result, $0.kept].compactMap { $0 } }
    operands += (scanned + emitted).flatMap { sequence in
      switch sequence {
      case .stacked(let operand, _, _): [operand]
      case .listed(let operands, _): operands
      }
    }
    return (operands + shared.map(\.0)).map(\.slot)
  }
}
