/// How a walk keeps its steps within the stability region of its method.
///
/// A step whose size times an eigenvalue of the dynamics is outside of that region amplifies cotangents
/// that are pulled back through it, even where nothing of it shows on the way forth.
package struct StabilityForm: Sendable {
  /// Time, step, carried, shared, direction → derivative of the slope along the direction.
  package var product: GridForm.Part
  package var shared: [(Operand, DType)]
  /// The leaves of a direction.
  package var direction: [GridForm.Leaf]
  /// How long hλ may be, at angles that are evenly spaced from the imaginary axis to the negative real
  /// one.
  package var reach: [Double]
  package var report: StabilityReport

  /// Creates the form.
  package init(
    product: GridForm.Part, shared: [(Operand, DType)], direction: [GridForm.Leaf],
    reach: [Double], report: StabilityReport
  ) {
    self.product = product
    self.shared = shared
    self.direction = direction
    self.reach = reach
    self.report = report
  }
}

/// What keeping steps within a stability region took.
package struct StabilityCounts: Hashable, BitwiseCopyable, Sendable {
  /// How many steps would have been longer.
  package internal(set) var limited = 0
  /// The largest product of the size of a step and the estimated spectral radius.
  package internal(set) var largestReach = 0.0
  /// Products of the Jacobian with a direction.
  package internal(set) var products = 0

  /// Nothing yet.
  package init() {}

  /// Adds what another walk took.
  mutating func add(_ other: StabilityCounts) {
    limited += other.limited
    largestReach = Swift.max(largestReach, other.largestReach)
    products += other.products
  }
}

/// Receives what keeping steps within a stability region took.
package final class StabilityReport: Sendable {
  let action: @Sendable (StabilityCounts) -> Void

  /// Creates a receiver; `action` is called on the thread that runs the program.
  package init(_ action: @escaping @Sendable (StabilityCounts) -> Void) { self.action = action }
}

/// A ``StabilityForm`` as plain addresses.
struct StabilityImage: BitwiseCopyable {
  var product: GridProgram
  var shared: UnsafePointer<LoopImage.Address>
  var sharedCount: Int
  /// Which input of the program is the first leaf of the direction.
  var directionStart: Int
  /// The leaves of a direction, by their places in a row.
  var leaves: UnsafePointer<GridImage.Leaf>
  var leafCount: Int
  /// Where three rows lie in the frame: two directions and an image.
  var rows: Int
  var rowBytes: Int
  var reach: UnsafePointer<Double>
  var reachCount: Int
  /// The receiver, which the program keeps alive.
  var receiver: UnsafeRawPointer

  func report(_ counts: StabilityCounts) {
    Unmanaged<StabilityReport>.fromOpaque(receiver).takeUnretainedValue().action(counts)
  }
}

extension ProgramBuilder {
  /// Translates a form into addresses within the frame of a walk.
  mutating func image(
    of form: StabilityForm, carries: Int, in frame: inout GridFrame
  ) -> StabilityImage {
    adopt(form.product.program)
    keep(form.report)
    let (leaves, rowBytes) = GridFrame.row(form.direction)
    return StabilityImage(
      product: frame.place(form.product),
      shared: arguments.store(form.shared.map { LoopImage.Address($0.0, $0.1) }),
      sharedCount: form.shared.count, directionStart: 2 + carries + form.shared.count,
      leaves: arguments.store(leaves), leafCount: leaves.count,
      rows: frame.reserve(3 * rowBytes), rowBytes: rowBytes,
      reach: arguments.store(form.reach), reachCount: form.reach.count,
      receiver: UnsafeRawPointer(Unmanaged.passUnretained(form.report).toOpaque()))
  }
}
