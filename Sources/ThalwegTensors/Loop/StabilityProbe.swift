package import ThalwegKernels

/// What tells a walk how long its steps may be where its gradient is asked for.
///
/// It computes the derivative of the slope along a direction, in the placeholders of a step.
package struct StabilityProbe: Sendable {
  /// Time and step size, what is carried, what all steps share, and the direction.
  let scalars: [Tensor]
  let carry: [Tensor]
  let shared: [Tensor]
  let direction: [Tensor]
  let images: [Tensor]
  /// What is shared, outside.
  let outside: [Tensor]
  let reach: @Sendable () -> [Double]
  let report: StabilityReport

  /// Traces the slope of a state; both may use any tensor of the surroundings.
  ///
  /// `state` finds the state in what is carried, `reach` says how long hλ may be at angles that are
  /// evenly spaced from the imaginary axis to the negative real one.
  package init(
    carrying initial: [TensorType], _ settings: GridSettings,
    reach: @escaping @Sendable () -> [Double],
    report: StabilityReport, state: ([Tensor]) -> [Tensor],
    slope: (_ time: Tensor, _ state: [Tensor]) -> [Tensor]
  ) {
    scalars = [placeholder(settings.scalarType), placeholder(settings.scalarType)]
    carry = initial.map { placeholder(settings.inside($0)) }
    let states = state(carry)
    let place = states.map { placeholder($0.type) }
    direction = states.map { placeholder($0.type) }
    let slopes = slope(scalars[0], place)
    let derivatives = zip(
      slopes, pushedForward(slopes, tangents: direction.map(Optional.some), from: place)
    ).map { $1 ?? .zeros($0.shape, dtype: $0.dtype) }
    var rewriter = GraphRewriter(replacing: Array(zip(place, states)))
    let hoisting = Hoisting(
      rewriter.rewrite(derivatives), arguments: scalars + carry + direction)
    (images, shared, outside) = (hoisting.outputs, hoisting.shared, hoisting.outside)
    self.reach = reach
    self.report = report
  }

  /// The probe as a kernel is bound to it, whose shared tensors are inputs from a place on.
  func form(_ context: KernelContext, sharedFrom start: Int) -> (StabilityForm, lines: String) {
    let plan = GridPlan("derivative", scalars + carry + shared + direction, images)
    let form = StabilityForm(
      product: plan.part,
      shared: shared.enumerated().map { (context.operand(start + $0), $1.dtype) },
      direction: direction.map { .init($0) }, reach: reach(), report: report)
    return (form, plan.lines)
  }
}
