package import ThalwegKernels

/// The order in which steps are computed again, stored and pulled back, for a number of steps and
/// of checkpoints.
///
/// - Cost: the fewest recomputed steps possible: r (n + 1) + 1 - β(s + 2, r), where r is the least
///   with β(s + 1, r + 1) > n and β(s, r) = (s + r)! / (s! r!), for n steps and s checkpoints beside
///   the initial state. No step is computed more than r times again.
package struct CheckpointSchedule {
  /// The steps whose initial states are stored while the flow runs forward, ascending.
  package private(set) var kept: [Int] = []
  /// What follows, from the end.
  package private(set) var actions: [CheckpointAction] = []

  package init(steps: Int, budget: Int) {
    guard steps > 0 else { return }
    // The chain of right halves is stored in passing, by the forward run itself. It is split as
    // if what follows the last step, the loss, were one step more, pulled back at once.
    var segments: [(start: Int, end: Int, checkpoint: Int)] = []
    var (start, free) = (0, budget)
    while steps - start > 1, free > 0 {
      let middle = start + binomialSplit(steps + 1 - start, checkpoints: free)
      segments.append((start, middle, kept.count - 1))
      kept.append(middle)
      start = middle
      free -= 1
    }
    reverse(start, steps, from: kept.count - 1, free: free, next: kept.count)
    for (index, segment) in segments.enumerated().reversed() {
      reverse(
        segment.start, segment.end, from: segment.checkpoint, free: budget - index, next: index)
    }
  }

  /// Pulls back from `end` to `start`, whose state is in a checkpoint; `next` is the first free one.
  private mutating func reverse(
    _ start: Int, _ end: Int, from checkpoint: Int, free: Int, next: Int
  ) {
    actions.append(.restore(checkpoint: checkpoint))
    if end - start == 1 {
      actions.append(.pullback(step: start))
      return
    }
    guard free > 0 else {
      for step in (start..<end).reversed() {
        if step < end - 1 { actions.append(.restore(checkpoint: checkpoint)) }
        for earlier in start..<step { actions.append(.advance(step: earlier)) }
        actions.append(.pullback(step: step))
      }
      return
    }
    let middle = start + binomialSplit(end - start, checkpoints: free)
    for step in start..<middle { actions.append(.advance(step: step)) }
    actions.append(.store(checkpoint: next))
    reverse(middle, end, from: next, free: free - 1, next: next + 1)
    reverse(start, middle, from: checkpoint, free: free, next: next)
  }
}
