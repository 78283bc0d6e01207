/// What is known of an array in exact arithmetic: its norm, and its product with a chirp.
struct Fingerprint {
  var norm: Double
  var probe: Double

  /// How far an array is from it, relative to the norm.
  ///
  /// The difference of the probes stands for the norm of the difference: of an error without any
  /// pattern the chirp, whose elements are 1/√2 on average, shows 1/√2.
  func error(of values: [Double]) -> Double {
    let other = Fingerprint(of: values)
    return max(abs(other.norm - norm), 2.0.squareRoot() * abs(other.probe - probe)) / norm
  }

  init(norm: Double, probe: Double) {
    self.norm = norm
    self.probe = probe
  }

  init(of values: [Double]) {
    norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    probe = zip(values, chirp(values.count, phase: 0.5)).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
