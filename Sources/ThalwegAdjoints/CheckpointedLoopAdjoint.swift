package import ThalwegTensors

/// Keeps the carried tensors of a binomial schedule and recomputes the others.
package final class CheckpointedLoopAdjoint: LoopAdjoint {
  package let budget: Int

  package init(budget: Int) { self.budget = budget }

  package func keptIterations(of count: Int) -> [Int] {
    CheckpointSchedule(steps: count, budget: budget).kept
  }

  package func pullback(_ request: LoopPullback) -> [Tensor?] {
    // Without steps there is no last one to write the results.
    guard request.loop.count > 0 else { return DirectLoopAdjoint.shared.pullback(request) }
    let operation = CheckpointedPullback(request, budget: budget)
    let results = operation.applied(to: operation.arguments(of: request))
    return operation.assemble(results, request)
  }
}
