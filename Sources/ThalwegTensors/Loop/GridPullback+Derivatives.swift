import ThalwegKernels

// The walk's outputs are Φ(x), where x are the initial and the shared tensors, and the pullback of
// cotangents c is Jᵀ c = ∇⟨c, Φ⟩. Its derivatives are those of the walk, and of the walk with
// tangents, which is J ẋ.
extension GridPullback {
  /// d(Jᵀ c) = ∇⟨ċ, Φ⟩ + ∇⟨c, J ẋ⟩.
  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    var trace = GridPullbackTrace(self, call)
    let moved = trace.placeholders(for: Array(tangents[variables]))
    let turned = trace.placeholders(for: Array(tangents[cotangents]))
    let rates = trace.rates(along: moved)
    let pulled = pulledBack(
      trace.outputs + rates.compactMap { $0 },
      cotangents: turned + zip(rates, trace.cotangents).compactMap { $0 == nil ? nil : $1 },
      to: trace.variables)
    return trace.resolved(zip(pulled, wantsVariable).filter(\.1).map(\.0))
  }

  /// ⟨a, Jᵀ c⟩ = ⟨c, J a⟩: J a belongs to c, and ∇⟨c, J a⟩ to x.
  func vjp(_ call: OperationCall, cotangents arrived: [Tensor?]) -> [Tensor?] {
    var trace = GridPullbackTrace(self, call)
    var given = arrived[...]
    let directions = wantsVariable.map { $0 ? given.popFirst() ?? nil : nil }
    let rates = trace.rates(along: trace.placeholders(for: directions))
    let pulled = pulledBack(
      rates.compactMap { $0 },
      cotangents: zip(rates, trace.cotangents).compactMap { $0 == nil ? nil : $1 },
      to: trace.variables)
    let results = trace.resolved(rates + pulled)
    var cotangents = [Tensor?](repeating: nil, count: call.inputs.count)
    for (place, result) in zip(Array(self.cotangents) + Array(variables), results) {
      cotangents[place] = result
    }
    return cotangents
  }
}

/// The walk behind a pullback, in placeholders for all that it depends on.
///
/// Some inputs of the pullback may depend on others; here they do not.
private struct GridPullbackTrace {
  let variables: [Tensor]
  let cotangents: [Tensor]
  /// What is carried at the end, and what is emitted, if that is pulled back.
  let outputs: [Tensor]
  private var replacements: [(Tensor, Tensor)]

  init(_ pullback: GridPullback, _ call: OperationCall) {
    replacements = call.inputs.prefix(pullback.variables.upperBound).map {
      (placeholder($0.type), $0)
    }
    let inputs = replacements.map(\.0)
    variables = Array(inputs[pullback.variables])
    cotangents = Array(inputs[pullback.cotangents])
    let layout = GridLayout(body: pullback.body)
    let initial = layout.initial.count
    let results = GridLoop(body: pullback.body).recorded(
      on: layout.inputs(
        head: inputs[0], times: pullback.times.map { inputs[$0] },
        initial: Array(variables.prefix(initial)), shared: Array(variables.dropFirst(initial)))
    ).outputs
    outputs = Array(results.prefix(cotangents.count))
  }

  /// Placeholders that stand for tensors, where there are any.
  mutating func placeholders(for tensors: [Tensor?]) -> [Tensor?] {
    tensors.map { tensor in
      guard let tensor else { return nil }
      let stand = placeholder(tensor.type)
      replacements.append((stand, tensor))
      return stand
    }
  }

  /// The tangents of the outputs.
  func rates(along tangents: [Tensor?]) -> [Tensor?] {
    pushedForward(outputs, tangents: tangents, from: variables)
  }

  /// Results with the tensors in place of their placeholders.
  func resolved(_ results: [Tensor?]) -> [Tensor?] {
    var rewriter = GraphRewriter(replacing: replacements)
    var rewritten = rewriter.rewrite(results.compactMap { $0 })[...]
    return results.map { $0 == nil ? nil : rewritten.popFirst() }
  }
}
