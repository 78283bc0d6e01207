import ThalwegKernels

/// Where the inputs and outputs of an operation that walks over a grid stand in its flat lists.
///
/// Inputs are a head, which is the sizes of the first steps or the number of a recorded grid, the
/// times of emissions if there are any, the initial carried tensors, and the shared ones. Outputs are
/// the final carried tensors, what is emitted, and the numbers of tapes.
struct GridLayout {
  let body: GridBody

  var times: Int? { body.settings.timeCount > 0 ? 1 : nil }
  var initial: Range<Int> {
    let start = times == nil ? 1 : 2
    return start..<start + body.carry.count
  }
  var shared: Range<Int> {
    initial.upperBound..<initial.upperBound + body.shared.count
  }
  var final: Range<Int> { body.carry.indices }
  var emitted: Range<Int> {
    final.upperBound..<final.upperBound + (body.interpolation?.emitted.count ?? 0)
  }
  /// The numbers of tapes begin here.
  var numbers: Int { emitted.upperBound }

  /// The types of the outputs before the numbers.
  var outputTypes: [TensorType] {
    body.carry.map { body.settings.outside($0.type) }
      + (body.interpolation?.emitted ?? []).map { body.settings.emitted($0.type) }
  }

  /// The type of the number of a tape.
  static let numberType = TensorType([1], .float64)

  func inputs(
    head: Tensor, times: Tensor?, initial: [Tensor], shared: [Tensor]
  ) -> [Tensor] {
    [head] + (self.times == nil ? [] : [times].compactMap { $0 }) + initial + shared
  }
}

/// A plan of what a walk runs, and the lines in which it is listed.
struct GridPlan {
  let plan: Plan
  let title: String

  init(_ title: String, _ inputs: [Tensor], _ outputs: [Tensor], reusing pairs: [Int: Int] = [:]) {
    self.title = title
    plan = Plan(
      inputs: inputs,
      layouted: LayoutRewriter.rewritten(outputs, inputs: inputs, PlanLayout.current),
      reusing: pairs)
  }

  var part: GridForm.Part { GridForm.Part(plan.program, evaluations: plan.evaluations) }

  var lines: String {
    (["\n     \(title)"] + plan.program.listing.map { "\n       \($0)" }).joined()
  }
}

extension GridForm.Leaf {
  init(_ tensor: Tensor) { self.init(count: tensor.count, dtype: tensor.dtype) }
}

extension GridBody {
  /// The walk as a kernel is bound to it, without numbers of tapes; `extra` is computed by each step
  /// behind what is carried and dense.
  func form(
    _ context: KernelContext, computing extra: [Tensor] = [], keepsDense: Bool = false
  ) -> (GridForm, lines: String) {
    let layout = GridLayout(body: self)
    let emits = layout.emitted.contains { context.isUsed($0) }
    let kept = emits || keepsDense ? dense : []
    let step = GridPlan("step", inputs, next + kept + extra)
    var plans = [step]
    var form = GridForm(
      step: step.part, scalar: settings.scalar,
      carries: carry.indices.map { index in
        GridForm.Carry(
          initial: context.operand(layout.initial.lowerBound + index),
          result: context.isUsed(index) ? context.result(index) : nil, leaf: .init(carry[index]))
      },
      shared: zip(layout.shared, shared).map { (context.operand($0), $1.dtype) })
    form.samples = settings.samples ?? 1
    form.recording = settings.recording
    form.dense = kept.map { .init($0) }
    if let restart {
      let plan = GridPlan("restart", inputs, restart)
      form.restart = plan.part
      plans.append(plan)
    }
    if emits, let interpolation, let times = layout.times {
      let plan = GridPlan("interpolate", interpolation.inputs, interpolation.emitted)
      form.interpolation = plan.part
      form.emissions = zip(layout.emitted, interpolation.emitted).map {
        GridForm.Emission(context.result($0), .init($1))
      }
      form.times = context.operand(times)
      form.timeCount = settings.timeCount
      plans.append(plan)
    }
    return (form, plans.map(\.lines).joined())
  }
}
