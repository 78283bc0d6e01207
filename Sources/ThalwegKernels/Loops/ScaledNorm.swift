/// The Euclidean norm of the numbers that a walk passes on, which it makes twice.
///
/// They are scaled by the largest: just before they overflow, squares have done so long ago. The norm
/// is NaN where a number is, and otherwise infinite where one is.
func scaledNorm(of walk: ((Double) -> Void) -> Void) -> Double {
  var largest = 0.0
  // Written so that a NaN stays.
  walk { largest = $0.magnitude <= largest || largest.isNaN ? largest : $0.magnitude }
  guard largest > 0 && largest.isFinite else { return largest }
  var sum = 0.0
  walk { sum += ($0 / largest) * ($0 / largest) }
  return largest * sum.squareRoot()
}
