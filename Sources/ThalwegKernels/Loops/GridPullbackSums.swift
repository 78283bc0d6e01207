extension UnsafePointer<GridPullbackImage> {
  /// Where the sum of a piece lies: where the whole goes if there is one piece.
  func place(
    of sum: GridPullbackImage.Sum, _ piece: Int, _ slots: GridWalk.Slots
  ) -> UnsafeMutableRawPointer? {
    guard pointee.team.pieces > 1 else { return sum.result.resolved(in: slots) }
    return slots[Int(pointee.partialSums)].map {
      $0 + piece * pointee.sumRows.bytes + sum.leaf.place
    }
  }

  /// Adds the sums of all pieces in their order.
  func addPartialSums(_ slots: GridWalk.Slots) {
    guard pointee.team.pieces > 1 else { return }
    for index in 0..<pointee.sums.count {
      let sum = pointee.sums[index]
      guard let result = sum.result.resolved(in: slots) else { continue }
      for piece in 0..<pointee.team.pieces {
        guard let part = place(of: sum, piece, slots) else { continue }
        if piece == 0 {
          result.copyMemory(from: part, byteCount: sum.leaf.bytes)
        } else {
          sum.leaf.add(part, to: result)
        }
      }
    }
  }
}
