package import ThalwegKernels

/// Conditions on time and state, in the terms of a walk.
package struct EventConditions {
  /// The ways through zero that count, one for each condition.
  package var passages: [EventForm.Passage]
  /// The parts of equal length into which a step is divided.
  package var partCount: Int
  /// The state in what is carried.
  package var state: (_ carry: [Tensor]) -> [Tensor]
  /// The values at a state, in double precision.
  package var values: (_ time: Tensor, _ state: [Tensor]) -> Tensor
  /// Their derivatives in time.
  package var rates: (_ time: Tensor, _ carry: [Tensor]) -> Tensor

  package init(
    passages: [EventForm.Passage], partCount: Int,
    state: @escaping (_ carry: [Tensor]) -> [Tensor],
    values: @escaping (_ time: Tensor, _ state: [Tensor]) -> Tensor,
    rates: @escaping (_ time: Tensor, _ carry: [Tensor]) -> Tensor
  ) {
    self.passages = passages
    self.partCount = partCount
    self.state = state
    self.values = values
    self.rates = rates
  }
}

/// What is looked for between the ends of the steps of a walk, traced once.
///
/// All that does not depend on time and state is computed outside and shared.
final class EventWatch: Sendable {
  let passages: [EventForm.Passage]
  let partCount: Int
  private let time: Tensor
  private let stepSize: Tensor
  /// What is carried before and after a step, and dense.
  private let before: [Tensor]
  private let after: [Tensor]
  private let dense: [Tensor]
  private let values: Tensor
  private let rates: Tensor
  private let inner: Tensor?
  let shared: [Tensor]

  /// Traces conditions; `outside` are the shared tensors.
  static func trace(
    _ conditions: EventConditions, _ body: GridBody, _ step: GridStep
  ) -> (watch: EventWatch, outside: [Tensor]) {
    let scalars = [body.settings.scalarType, body.settings.scalarType].map { placeholder($0) }
    let before = body.carry.map { placeholder($0.type) }
    let after = body.carry.map { placeholder($0.type) }
    let dense = body.dense.map { placeholder($0.type) }
    let values = conditions.values(scalars[0], conditions.state(before))
    let rates = conditions.rates(scalars[0], before)
    let partCount = step.between == nil ? 1 : conditions.partCount
    var inner: [Tensor] = []
    if let between = step.between, partCount > 1 {
      let rows = (1..<partCount).map { place in
        let part = Double(place) / Double(partCount)
        let state = between(part, scalars[0], scalars[1], before, after, dense)
        return conditions.values(scalars[0] + part * scalars[1], state)
      }
      inner = [stack(rows)]
    }
    let hoisting = Hoisting(
      [values, rates] + inner, arguments: scalars + before + after + dense)
    let watch = EventWatch(
      conditions.passages, partCount: partCount, scalars, before, after, dense,
      hoisting.outputs, hoisting.shared)
    return (watch, hoisting.outside)
  }

  private init(
    _ passages: [EventForm.Passage], partCount: Int, _ scalars: [Tensor], _ before: [Tensor],
    _ after: [Tensor], _ dense: [Tensor], _ outputs: [Tensor], _ shared: [Tensor]
  ) {
    self.passages = passages
    self.partCount = partCount
    (time, stepSize) = (scalars[0], scalars[1])
    (self.before, self.after, self.dense) = (before, after, dense)
    (values, rates) = (outputs[0], outputs[1])
    inner = outputs.count > 2 ? outputs[2] : nil
    self.shared = shared
  }

  /// Whether steps must compute what interpolation needs.
  var needsDense: Bool { inner != nil }

  var foundType: TensorType { TensorType([EventForm.foundCount + passages.count], .float64) }

  /// The search as a kernel is bound to it; shared tensors are inputs from a place on.
  func form(
    _ context: KernelContext, sharedFrom place: Int, found: Operand
  ) -> (form: EventForm, lines: String) {
    let scalars = [time, stepSize]
    var plans = [
      GridPlan("conditions", scalars + before + shared, [values]),
      GridPlan("their rates", scalars + before + shared, [rates]),
    ]
    var form = EventForm(
      values: plans[0].part, rates: plans[1].part, passages: passages,
      shared: shared.enumerated().map { (context.operand(place + $0), $1.dtype) }, found: found)
    if let inner {
      let plan = GridPlan(
        "conditions between", scalars + before + after + dense + shared, [inner])
      plans.append(plan)
      form.inner = plan.part
      form.partCount = partCount
    }
    return (form, plans.map(\.lines).joined())
  }
}
