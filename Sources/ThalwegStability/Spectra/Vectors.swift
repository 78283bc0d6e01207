import ThalwegKernels

/// The inner product.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

/// The Euclidean length.
func euclidean(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }

/// The Euclidean length.
func euclidean(_ vector: [Complex]) -> Double {
  vector.reduce(0) { $0 + $1.squaredMagnitude }.squareRoot()
}

/// x + a y.
func sum(_ x: [Double], _ a: Double, _ y: [Double]) -> [Double] {
  var result = x
  for index in y.indices { result[index] += a * y[index] }
  return result
}

/// Numbers between -1 and 1 that are always the same and have no pattern.
///
/// - Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
///   2014, doi:10.1145/2660193.2660195.
func scattered(_ count: Int, seed: UInt64) -> [Double] {
  var state = seed &* 0xd129_8a2e_03c7_9b15
  return (0..<count).map { _ in
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    bits ^= bits >> 31
    return Double(bits >> 11) * 0x1p-52 - 1
  }
}
