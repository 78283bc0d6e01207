extension Collection<String> {
  /// What was probably meant by a word that is none of these, as the end of a sentence; empty where
  /// none is near.
  func proposal(for word: String) -> String {
    let nearest = map { (name: $0, distance: word.distance(to: $0)) }
      .min { $0.distance < $1.distance }
    guard let nearest, nearest.distance > 0, nearest.distance <= Swift.max(1, word.count / 3) else {
      return ""
    }
    return "; did you mean '\(nearest.name)'?"
  }
}

extension String {
  /// How many characters have to be inserted, removed, replaced or exchanged with the next to make
  /// another text of this one (Damerau and Levenshtein).
  fileprivate func distance(to other: String) -> Int {
    let (from, to) = (Array(self), Array(other))
    var (before, last) = ([Int](), Array(0...to.count))
    for row in from.indices {
      var next = [row + 1]
      for column in to.indices {
        var best = Swift.min(last[column + 1], next[column]) + 1
        best = Swift.min(best, last[column] + (from[row] == to[column] ? 0 : 1))
        if row > 0, column > 0, from[row] == to[column - 1], from[row - 1] == to[column] {
          best = Swift.min(best, before[column - 1] + 1)
        }
        next.append(best)
      }
      (before, last) = (last, next)
    }
    return last[to.count]
  }
}
