import ThalwegKernels

/// The derivative of a walk over a grid along tangents of its inputs: a walk over the same grid with
/// twice the state.
struct GridTangent {
  private let body: GridBody
  private let layout: GridLayout
  /// The inputs of the walk.
  private let inputs: [Tensor]
  private let grid: Tensor

  init(_ body: GridBody, _ inputs: [Tensor], over grid: Tensor) {
    self.body = body
    layout = GridLayout(body: body)
    self.inputs = inputs
    self.grid = grid
  }

  /// The tangents of what is carried at the end and of what is emitted.
  func outputs(_ tangents: [Tensor?]) -> [Tensor?] {
    let moved = Array(tangents[layout.shared])
    let directions = zip(layout.initial, tangents[layout.initial]).map { index, tangent in
      tangent ?? .zeros(inputs[index].shape, dtype: inputs[index].dtype)
    }
    let initial = Array(inputs[layout.initial]) + directions
    var settings = body.settings
    settings.hasJumps = body.restart != nil
    let (doubled, outside) = GridBody.trace(
      initial.map { settings.inside($0.type) }, settings,
      step: { time, size, carry in step(time, size, carry, moved) },
      restart: { time, size, carry in
        pushed(body.restart ?? body.carry, time, size, carry, moved)
      })
    let target = GridLayout(body: doubled)
    let results = GridLoop(body: doubled).recorded(
      on: target.inputs(
        head: grid, times: layout.times.map { inputs[$0] }, initial: initial, shared: outside)
    ).outputs
    let emitted = results[target.emitted]
    let rate = results[target.final].suffix(body.carry.count)
    return (rate + emitted.suffix(emitted.count / 2)).map(Optional.some)
  }

  private func step(
    _ time: Tensor, _ size: Tensor, _ carry: [Tensor], _ moved: [Tensor?]
  ) -> GridStep {
    let results = pushed(body.next + body.dense, time, size, carry, moved)
    let (values, rates) = (results.prefix(results.count / 2), results.suffix(results.count / 2))
    func both(_ range: Range<Int>) -> [Tensor] {
      Array(values.dropFirst(range.lowerBound).prefix(range.count))
        + rates.dropFirst(range.lowerBound).prefix(range.count)
    }
    let next = body.next.count
    return GridStep(
      next: both(0..<next), dense: both(next..<results.count / 2), errors: [],
      interpolate: interpolate)
  }

  /// Outputs of a step and their tangents.
  private func pushed(
    _ outputs: [Tensor], _ time: Tensor, _ size: Tensor, _ carry: [Tensor], _ moved: [Tensor?]
  ) -> [Tensor] {
    let half = carry.count / 2
    let (state, rates) = (Array(carry.prefix(half)), Array(carry.suffix(half)))
    let joined = Self.joined(
      outputs, from: body.inputs, tangents: [nil, nil] + rates.map(Optional.some) + moved)
    var rewriter = GraphRewriter(
      replacing: Array(zip(body.inputs, [time, size] + state + inputs[layout.shared])))
    return rewriter.rewrite(joined)
  }

  private func interpolate(
    _ part: Tensor, _ size: Tensor, _ before: [Tensor], _ after: [Tensor], _ dense: [Tensor]
  ) -> [Tensor] {
    guard let interpolation = body.interpolation else { return [] }
    func halves(_ tensors: [Tensor]) -> (values: [Tensor], rates: [Tensor]) {
      let half = tensors.count / 2
      return (Array(tensors.prefix(half)), Array(tensors.suffix(half)))
    }
    let parts = [before, after, dense].map(halves)
    let joined = Self.joined(
      interpolation.emitted, from: interpolation.inputs,
      tangents: [nil, nil] + parts.flatMap(\.rates).map(Optional.some))
    var rewriter = GraphRewriter(
      replacing: Array(zip(interpolation.inputs, [part, size] + parts.flatMap(\.values))))
    return rewriter.rewrite(joined)
  }

  /// Outputs with their tangents behind them.
  private static func joined(
    _ outputs: [Tensor], from inputs: [Tensor], tangents: [Tensor?]
  ) -> [Tensor] {
    let rates = pushedForward(outputs, tangents: tangents, from: inputs)
    return outputs + zip(outputs, rates).map { $1 ?? .zeros($0.shape, dtype: $0.dtype) }
  }
}
