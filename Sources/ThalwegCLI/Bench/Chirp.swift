import Foundation

/// The numbers of which benchmark data is made: no random numbers, the same in any language.
///
///     chirp(i) = amplitude · sin(1.7 i + 0.61 (i² mod 1013) + phase)
func chirp(_ count: Int, phase: Double, amplitude: Double = 1) -> [Double] {
  (0..<count).map { index -> Double in
    let linear = 1.7 * Double(index)
    let quadratic = 0.61 * Double(index * index % 1013)
    return amplitude * sin(linear + quadratic + phase)
  }
}
