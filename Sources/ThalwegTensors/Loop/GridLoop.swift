import ThalwegKernels

/// A walk over the grid that an ``AdaptiveLoop`` recorded.
///
/// Inputs and outputs are those of ``GridLayout``, with the number of the grid as head and the number
/// of the tape of the states.
struct GridLoop: Operation {
  let body: GridBody

  var name: String { "loop over a recorded grid" }

  static func == (a: GridLoop, b: GridLoop) -> Bool { a.body === b.body }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(body)) }

  private var layout: GridLayout { GridLayout(body: body) }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    layout.outputTypes + [GridLayout.numberType]
  }

  func lower(_ context: KernelContext) {
    var (form, lines) = body.form(context)
    if context.isUsed(layout.numbers) { form.stateNumber = context.result(layout.numbers) }
    context.builder.gridLoop(
      form, over: context.operand(0), label: "\(name)\(lines)",
      error: body.settings.failures?.error)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    GridTangent(body, call.inputs, over: call.inputs[0]).outputs(tangents) + [nil]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    GridPullback.cotangents(
      body, call, over: (grid: call.inputs[0], states: call.outputs[layout.numbers]),
      from: cotangents)
  }
}
