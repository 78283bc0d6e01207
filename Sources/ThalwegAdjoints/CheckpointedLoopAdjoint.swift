package import ThalwegTensors

/// Keeps the carried tensors of a binomial schedule and recomputes the others.
package final class CheckpointedLoopAdjoint: LoopAdjoint {
  package let budget: Int

  package init(budget: Int) { self.budget = budget }

  package func keptIterations(of count: Int) -> [Int] {
    CheckpointSchedule(steps: count, budget: budget).kept
  }

  package func pullback(_ request: LoopPullback) -> [Tensor?] {
    let operation = CheckpointedPullback(request, budget: budget)
    let results = operation.applied(to: operation.arguments(of: request))
    return operation.assemble(results, request)
  }
}
