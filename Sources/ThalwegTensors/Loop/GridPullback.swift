import ThalwegKernels

/// The pullback of a walk over a grid that was recorded.
///
/// Inputs are the numbers of the tapes of the grid and of the states, the times of emissions if there
/// are any, cotangents of the final carried tensors and of the emitted ones that have some, the
/// initial carried and the shared tensors of the walk, and what the steps back share. Outputs are the
/// cotangents of the initial carried and of the wanted shared tensors.
struct GridPullback: Operation {
  let form: GridPullbackBody

  var name: String { "pullback over a recorded grid" }

  static func == (a: GridPullback, b: GridPullback) -> Bool { a.form === b.form }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(form)) }

  var body: GridBody { form.body }
  private var settings: GridSettings { body.settings }
  private var carries: Int { body.carry.count }

  // MARK: - Layout

  var times: Int? { settings.timeCount > 0 ? 2 : nil }
  private var final: Range<Int> {
    let start = times == nil ? 2 : 3
    return start..<start + carries
  }
  private var emitted: Range<Int> {
    let count = form.pullsEmissions ? body.interpolation?.emitted.count ?? 0 : 0
    return final.upperBound..<final.upperBound + count
  }
  /// The cotangents.
  var cotangents: Range<Int> { final.lowerBound..<emitted.upperBound }
  private var initial: Range<Int> { emitted.upperBound..<emitted.upperBound + carries }
  private var walkShared: Range<Int> {
    initial.upperBound..<initial.upperBound + body.shared.count
  }
  /// What the walk is a function of.
  var variables: Range<Int> { initial.lowerBound..<walkShared.upperBound }
  /// Which of these have a cotangent among the outputs.
  var wantsVariable: [Bool] { body.carry.map { _ in true } + form.wantsShared }
  private var shared: Range<Int> {
    walkShared.upperBound..<walkShared.upperBound + form.shared.count
  }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    body.carry.map { settings.outside($0.type) } + form.wantedShared.map(\.type)
  }

  // MARK: - Kernel

  func lower(_ context: KernelContext) {
    let plans = GridPullbackPlans(form)
    var kernel = GridPullbackForm(
      advance: plans.advance.part, pullback: plans.pullback.part, scalar: settings.scalar,
      carries: zip(initial, body.carry).map {
        GridForm.Carry(initial: context.operand($0), result: nil, leaf: .init($1))
      },
      cotangents: zip(final, body.carry.indices).map {
        .init(final: context.operand($0), result: context.result($1))
      },
      shared: zip(shared, form.shared).map { (context.operand($0), $1.dtype) },
      sums: form.wantedShared.enumerated().map {
        GridForm.Emission(context.result(carries + $0), .init($1))
      }, gridNumber: context.operand(0), stateNumber: context.operand(1))
    kernel.reusedSums = plans.reusedSums
    kernel.restart = plans.restart?.part
    kernel.restartPullback = plans.restartPullback?.part
    kernel.samples = settings.samples ?? 1
    kernel.recording = settings.recording
    if form.pullsEmissions, let times, let interpolation = body.interpolation {
      kernel.replay = plans.replay?.part
      kernel.emissionPullback = plans.emissionPullback?.part
      kernel.dense = body.dense.map { .init($0) }
      kernel.emissions = zip(emitted, interpolation.emitted).map {
        GridForm.Emission(context.operand($0), .init($1))
      }
      kernel.times = context.operand(times)
      kernel.timeCount = settings.timeCount
    }
    context.builder.gridPullback(
      kernel, label: "\(name)\(plans.lines)", error: settings.failures?.error)
  }

  // MARK: - Use

  /// The cotangents of the inputs of a walk over a grid from those of its outputs.
  static func cotangents(
    _ body: GridBody, _ call: OperationCall, over tapes: (grid: Tensor, states: Tensor),
    from cotangents: [Tensor?]
  ) -> [Tensor?] {
    let layout = GridLayout(body: body)
    func filled(_ index: Int) -> Tensor {
      cotangents[index] ?? .zeros(call.outputs[index].shape, dtype: call.outputs[index].dtype)
    }
    let pullsEmissions = layout.emitted.contains { cotangents[$0] != nil }
    let (form, outside) = GridPullbackBody.make(
      body, shared: Array(call.inputs[layout.shared]), pullsEmissions: pullsEmissions,
      wantsShared: layout.shared.map { call.wanted[$0] })
    let times = layout.times.map { [call.inputs[$0]] } ?? []
    let final = layout.final.map(filled)
    let emitted = pullsEmissions ? layout.emitted.map(filled) : []
    let walk = call.inputs[layout.initial] + call.inputs[layout.shared]
    let results = GridPullback(form: form).recorded(
      on: [tapes.grid, tapes.states] + times + final + emitted + walk + outside
    ).outputs
    var sums = results.dropFirst(body.carry.count)
    var result = [Tensor?](repeating: nil, count: call.inputs.count)
    for (index, place) in layout.initial.enumerated() { result[place] = results[index] }
    for place in layout.shared where call.wanted[place] { result[place] = sums.popFirst() }
    return result
  }
}
