import Foundation
import ThalwegNetworks
import ThalwegTensors

/// Random signals that are smooth but for jumps, with values from 0 to 1.
///
/// Between some two to six jumps at random places a signal has a level, a slope and a slow wave of its
/// own.
struct PiecewiseSmooth {
  let length: Int

  /// So many signals, `[count, 1, length]`.
  func signals(_ count: Int, _ random: inout RandomSequence) -> Tensor {
    var values: [Float] = []
    values.reserveCapacity(count * length)
    for _ in 0..<count {
      let jumps = (0..<Int.random(in: 2...6, using: &random)).map { _ in
        Int.random(in: 1..<length, using: &random)
      }
      let ends = [0] + jumps.sorted() + [length]
      for (start, end) in zip(ends, ends.dropFirst()) { values += piece(start..<end, &random) }
    }
    return Tensor(values, shape: [count, 1, length])
  }

  private func piece(_ places: Range<Int>, _ random: inout RandomSequence) -> [Float] {
    let level = Double.random(in: 0.25...0.75, using: &random)
    let slope = Double.random(in: -0.15...0.15, using: &random)
    let height = Double.random(in: 0...0.1, using: &random)
    let waves = Double.random(in: 0.5...3, using: &random)
    let phase = Double.random(in: 0...2 * Double.pi, using: &random)
    return places.map { place in
      let t = Double(place) / Double(length)
      return Float(
        level + slope * (2 * t - 1) + height * sin(2 * Double.pi * waves * t + phase))
    }
  }
}
