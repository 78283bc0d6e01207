package import ThalwegKernels

/// What a step over a grid computes, as it is traced.
package struct GridStep {
  /// What is carried after the step.
  package var next: [Tensor]
  /// What interpolation needs.
  package var dense: [Tensor]
  /// For each leaf of the state the sum of the squared errors in units of the tolerance.
  package var errors: [Tensor]
  /// What is emitted within the step: of part, step size, carried before and after, and dense.
  package var interpolate: (Tensor, Tensor, [Tensor], [Tensor], [Tensor]) -> [Tensor]
  /// The state after a part of the step, where events ask for it: of that part, time, step size,
  /// carried before and after, and dense.
  package var between: ((Double, Tensor, Tensor, [Tensor], [Tensor], [Tensor]) -> [Tensor])?

  package init(
    next: [Tensor], dense: [Tensor], errors: [Tensor],
    interpolate: @escaping (Tensor, Tensor, [Tensor], [Tensor], [Tensor]) -> [Tensor]
  ) {
    self.next = next
    self.dense = dense
    self.errors = errors
    self.interpolate = interpolate
  }
}

/// What is the same for all steps over a grid.
package struct GridSettings: Hashable, Sendable {
  /// The type of time and step size.
  package var scalar: DType
  /// How many samples have grids of their own; nil where there is one grid for all there is.
  package var samples: Int?
  /// At how many times states are emitted.
  package var timeCount: Int
  /// What is recorded for a gradient.
  package var recording: GridForm.Recording
  /// Whether dynamics jump somewhere.
  package var hasJumps: Bool
  /// What becomes of steps whose equations cannot be solved.
  package var failures: LoopGuard?

  package init(
    scalar: DType, samples: Int?, timeCount: Int, recording: GridForm.Recording, hasJumps: Bool
  ) {
    self.scalar = scalar
    self.samples = samples
    self.timeCount = timeCount
    self.recording = recording
    self.hasJumps = hasJumps
  }
}

/// The steps over a grid, traced once.
///
/// All that does not change from one step to the next is computed outside and shared.
package final class GridBody: Sendable {
  /// The interpolation within a step; it knows of nothing but its arguments.
  struct Interpolation: Sendable {
    let part: Tensor
    let stepSize: Tensor
    let before: [Tensor]
    let after: [Tensor]
    let dense: [Tensor]
    let emitted: [Tensor]

    var inputs: [Tensor] { [part, stepSize] + before + after + dense }
  }

  let settings: GridSettings
  let time: Tensor
  let stepSize: Tensor
  /// The carried tensors before and after a step, of one sample.
  let carry: [Tensor]
  let next: [Tensor]
  let dense: [Tensor]
  let errors: [Tensor]
  /// The carried tensors after a jump; nil where it leaves them as they are.
  let restart: [Tensor]?
  let interpolation: Interpolation?
  let shared: [Tensor]

  /// Traces steps that may use any tensor of the surroundings; `outside` are the shared ones.
  static func trace(
    _ initial: [TensorType], _ settings: GridSettings,
    step: (Tensor, Tensor, [Tensor]) -> GridStep,
    restart: (Tensor, Tensor, [Tensor]) -> [Tensor]
  ) -> (body: GridBody, outside: [Tensor]) {
    let scalars = [placeholder(settings.scalarType), placeholder(settings.scalarType)]
    let carry = initial.map { placeholder($0) }
    let traced = step(scalars[0], scalars[1], carry)
    expect(traced.next, toBeLike: carry)
    var anew = settings.hasJumps ? restart(scalars[0], scalars[1], carry) : carry
    expect(anew, toBeLike: carry)
    if zip(anew, carry).allSatisfy({ GraphRewriter.TensorKey($0) == .init($1) }) { anew = [] }
    let hoisting = Hoisting(
      traced.next + traced.dense + traced.errors + anew, arguments: scalars + carry)
    var outputs = hoisting.outputs[...]
    func take(_ count: Int) -> [Tensor] {
      defer { outputs = outputs.dropFirst(count) }
      return Array(outputs.prefix(count))
    }
    let body = GridBody(
      settings, time: scalars[0], stepSize: scalars[1], carry: carry, next: take(carry.count),
      dense: take(traced.dense.count), errors: take(traced.errors.count),
      restart: anew.isEmpty ? nil : take(anew.count),
      interpolation: settings.timeCount > 0 ? .init(traced, settings) : nil,
      shared: hoisting.shared)
    return (body, hoisting.outside)
  }

  private init(
    _ settings: GridSettings, time: Tensor, stepSize: Tensor, carry: [Tensor], next: [Tensor],
    dense: [Tensor], errors: [Tensor], restart: [Tensor]?, interpolation: Interpolation?,
    shared: [Tensor]
  ) {
    self.settings = settings
    self.time = time
    self.stepSize = stepSize
    self.carry = carry
    self.next = next
    self.dense = dense
    self.errors = errors
    self.restart = restart
    self.interpolation = interpolation
    self.shared = shared
  }

  private static func expect(_ next: [Tensor], toBeLike carry: [Tensor]) {
    require(
      next.map(\.type) == carry.map(\.type),
      "adaptive loop: a step turns a state of \(carry.map(\.type)) into \(next.map(\.type))")
  }

  /// The arguments of a step.
  var inputs: [Tensor] { [time, stepSize] + carry + shared }
}

extension GridBody.Interpolation {
  fileprivate init(_ step: GridStep, _ settings: GridSettings) {
    part = placeholder(settings.scalarType)
    stepSize = placeholder(settings.scalarType)
    before = step.next.map { placeholder($0.type) }
    after = step.next.map { placeholder($0.type) }
    dense = step.dense.map { placeholder($0.type) }
    emitted = step.interpolate(part, stepSize, before, after, dense)
  }
}

extension GridSettings {
  var scalarType: TensorType { TensorType([], scalar) }

  /// The type outside of what a step sees as this.
  func outside(_ type: TensorType) -> TensorType {
    samples.map { type.repeated($0) } ?? type
  }

  /// The type outside of what is emitted as this.
  func emitted(_ type: TensorType) -> TensorType { outside(type.repeated(timeCount)) }

  /// The type in a step of what is this outside.
  func inside(_ type: TensorType) -> TensorType {
    samples == nil
      ? type : TensorType(Shape(Array(type.shape.dimensions.dropFirst())), type.dtype)
  }
}
