import ThalwegKernels

/// The steps back over a grid, traced once.
final class GridPullbackBody: Sendable {
  /// A graph of arguments of its own beside those of a step.
  struct Part: Sendable {
    var inputs: [Tensor]
    var outputs: [Tensor]
  }

  let body: GridBody
  let wantsShared: [Bool]
  let pullsEmissions: Bool
  /// What all steps back share.
  let shared: [Tensor]
  let advance: Part
  let replay: Part
  let restart: Part?
  let pullback: Part
  let restartPullback: Part?
  let emissionPullback: Part?

  var wantedShared: [Tensor] { zip(body.shared, wantsShared).filter(\.1).map(\.0) }

  /// Traces the steps back of a walk; `outside` is what they share.
  static func make(
    _ body: GridBody, shared: [Tensor], pullsEmissions: Bool, wantsShared: [Bool]
  ) -> (body: GridPullbackBody, outside: [Tensor]) {
    let graphs = GridPullbackGraphs(body, pullsEmissions: pullsEmissions, wantsShared: wantsShared)
    // Written in the walk's own placeholders; here they stand for what it shared.
    var rewriter = GraphRewriter(replacing: Array(zip(body.shared, shared)))
    let parts = graphs.parts
    let hoisting = Hoisting(
      rewriter.rewrite(parts.flatMap(\.outputs)), arguments: graphs.arguments)
    var outputs = hoisting.outputs[...]
    let hoisted = parts.map { part in
      defer { outputs = outputs.dropFirst(part.outputs.count) }
      return Part(
        inputs: graphs.stepInputs + hoisting.shared + part.inputs,
        outputs: Array(outputs.prefix(part.outputs.count)))
    }
    let result = GridPullbackBody(
      body, wantsShared, shared: hoisting.shared, hoisted, emission: graphs.emission)
    return (result, hoisting.outside)
  }

  private init(
    _ body: GridBody, _ wantsShared: [Bool], shared: [Tensor], _ parts: [Part], emission: Part?
  ) {
    self.body = body
    self.wantsShared = wantsShared
    pullsEmissions = emission != nil
    self.shared = shared
    advance = parts[0]
    replay = parts[1]
    pullback = parts[2]
    restart = parts.count > 3 ? parts[3] : nil
    restartPullback = parts.count > 3 ? parts[4] : nil
    emissionPullback = emission
  }
}

/// The graphs of the steps back in the placeholders of a walk.
private struct GridPullbackGraphs {
  private let body: GridBody
  private let pullsEmissions: Bool
  private let wanted: [Tensor]
  /// Cotangents of carried tensors after a step, and of dense ones.
  private let after: [Tensor]
  private let dense: [Tensor]
  /// Cotangents of carried tensors before a step, and of shared ones, that have arrived so far.
  private let collected: [Tensor]
  private let sums: [Tensor]

  init(_ body: GridBody, pullsEmissions: Bool, wantsShared: [Bool]) {
    self.body = body
    self.pullsEmissions = pullsEmissions
    wanted = zip(body.shared, wantsShared).filter(\.1).map(\.0)
    after = body.carry.map { placeholder($0.type) }
    collected = pullsEmissions ? body.carry.map { placeholder($0.type) } : []
    dense = pullsEmissions ? body.dense.map { placeholder($0.type) } : []
    sums = wanted.map { placeholder($0.type) }
  }

  var stepInputs: [Tensor] { [body.time, body.stepSize] + body.carry }
  var arguments: [Tensor] { stepInputs + after + sums + dense + collected }

  /// Advance, replay, pullback, and where dynamics jump restart and its pullback.
  var parts: [GridPullbackBody.Part] {
    let replayed = pullsEmissions ? body.dense : []
    var parts: [GridPullbackBody.Part] = [
      .init(inputs: [], outputs: body.next), .init(inputs: [], outputs: body.next + replayed),
      .init(
        inputs: after + sums + dense + collected,
        outputs: pulled(body.next + replayed, after + dense, onto: collected)),
    ]
    if let restart = body.restart {
      parts.append(.init(inputs: [], outputs: restart))
      parts.append(.init(inputs: after + sums, outputs: pulled(restart, after, onto: [])))
    }
    return parts
  }

  /// Cotangents of carried tensors, added to those that have arrived, and new sums.
  private func pulled(
    _ outputs: [Tensor], _ cotangents: [Tensor], onto arrived: [Tensor]
  ) -> [Tensor] {
    let pulled = pulledBack(
      outputs, cotangents: cotangents.map(Optional.some), to: body.carry + wanted)
    let before = zip(body.carry, pulled).map { $1 ?? .zeros($0.shape, dtype: $0.dtype) }
    return (arrived.isEmpty ? before : zip(before, arrived).map { $0 + $1 })
      + zip(sums, pulled.dropFirst(body.carry.count)).map { sum, term in
        term.map { sum + $0 } ?? sum
      }
  }

  /// The pullback of what is emitted within a step.
  var emission: GridPullbackBody.Part? {
    guard pullsEmissions, let interpolation = body.interpolation else { return nil }
    let cotangents = interpolation.emitted.map { placeholder($0.type) }
    let targets = interpolation.before + interpolation.after + interpolation.dense
    let arrived = targets.map { placeholder($0.type) }
    let pulled = pulledBack(
      interpolation.emitted, cotangents: cotangents.map(Optional.some), to: targets)
    return .init(
      inputs: interpolation.inputs + cotangents + arrived,
      outputs: zip(arrived, pulled).map { sum, term in term.map { sum + $0 } ?? sum })
  }
}

/// The plans of the steps back.
struct GridPullbackPlans {
  let advance: GridPlan
  let replay: GridPlan?
  let restart: GridPlan?
  let pullback: GridPlan
  let restartPullback: GridPlan?
  let emissionPullback: GridPlan?
  /// The sums that the pullback may write over what it reads.
  let reusedSums: Set<Int>

  init(_ form: GridPullbackBody) {
    func plan(_ title: String, _ part: GridPullbackBody.Part?) -> GridPlan? {
      part.map { GridPlan(title, $0.inputs, $0.outputs) }
    }
    let carries = form.body.carry.count
    // Restarts are rare and need not do without a second copy.
    let count = form.restart == nil ? form.wantedShared.count : 0
    let firstSum = 2 + 2 * carries + form.shared.count
    let pairs = (0..<count).map { (carries + $0, firstSum + $0) }
    advance = GridPlan("advance", form.advance.inputs, form.advance.outputs)
    replay = form.pullsEmissions ? plan("advance, dense", form.replay) : nil
    restart = plan("restart", form.restart)
    pullback = GridPlan(
      "pull back", form.pullback.inputs, form.pullback.outputs,
      reusing: Dictionary(uniqueKeysWithValues: pairs))
    restartPullback = plan("pull back a restart", form.restartPullback)
    emissionPullback = plan("pull back an emission", form.emissionPullback)
    reusedSums = Set(pullback.plan.reused.map { $0 - carries })
  }

  var lines: String {
    [advance, replay, restart, pullback, restartPullback, emissionPullback]
      .compactMap { $0?.lines }.joined()
  }
}
