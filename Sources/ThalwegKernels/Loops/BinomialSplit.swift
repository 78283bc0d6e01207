/// How many steps to advance before the next state is stored, with room for `checkpoints` of them.
///
/// With n in (β(s + 1, r - 1), β(s + 1, r)], β(s, r) = (s + r)! / (s! r!), any split is optimal that
/// leaves at most β(s, r) steps on the right and is at least β(s + 1, r - 2) long.
///
/// - Source: A. Griewank, A. Walther, "Algorithm 799: Revolve", ACM Trans. Math. Softw. 26 (2000),
///   doi:10.1145/347837.347846.
package func binomialSplit(_ steps: Int, checkpoints: Int) -> Int {
  var repetitions = 1
  while binomialReach(checkpoints + 1, repetitions) < steps { repetitions += 1 }
  let shortest = repetitions >= 2 ? binomialReach(checkpoints + 1, repetitions - 2) : 1
  return Swift.max(shortest, steps - binomialReach(checkpoints, repetitions))
}

/// β(s, r) = (s + r)! / (s! r!), or the largest integer where that overflows.
private func binomialReach(_ checkpoints: Int, _ repetitions: Int) -> Int {
  var result = 1
  for index in 0..<Swift.min(checkpoints, repetitions) {
    let (product, overflow) = result.multipliedReportingOverflow(
      by: checkpoints + repetitions - index)
    guard !overflow else { return .max }
    result = product / (index + 1)
  }
  return result
}
