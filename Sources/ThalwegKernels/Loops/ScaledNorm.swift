/// The Euclidean norm of the numbers that a walk passes on, which it makes twice.
///
/// They are scaled by the largest: just before they overflow, squares have done so long ago.
func scaledNorm(of walk: ((Double) -> Void) -> Void) -> Double {
  var largest = 0.0
  walk { largest = Swift.max(largest, $0.magnitude) }
  guard largest > 0 else { return 0 }
  var sum = 0.0
  walk { sum += ($0 / largest) * ($0 / largest) }
  return largest * sum.squareRoot()
}
