import ThalwegNetworks
import ThalwegTensors

/// The signals of an experiment: those that networks are trained on, and those of the test.
struct SignalSource: PatchSource {
  let sides: [Int]
  /// The signals of the test, `[count, 1, length]`, with values from 0 to 1.
  let test: Tensor
  private let draw: (Int, inout RandomSequence) -> Tensor

  /// The signals of a test.
  private static let testCount = 64

  /// Random signals that are smooth but for jumps.
  init(length: Int, seed: UInt64) {
    let signals = PiecewiseSmooth(length: length)
    var random = RandomSequence(seed: seed, purpose: 2)
    sides = [length]
    test = signals.signals(Self.testCount, &random)
    draw = signals.signals
  }

  /// Pieces of a long signal, whose last fifth is for the test; its extremes become 0 and 1.
  init(_ samples: [Double], length: Int) {
    let (least, greatest) = (samples.min() ?? 0, samples.max() ?? 1)
    let values = samples.map { Float(($0 - least) / Swift.max(greatest - least, 1e-300)) }
    let border = values.count - Swift.max(length, values.count / 5)
    let rest = values.count - border - length
    let count = Swift.min(Self.testCount, 1 + rest / length)
    let pieces = (0..<count).flatMap { index in
      let start = border + (count == 1 ? 0 : index * rest / (count - 1))
      return values[start..<start + length]
    }
    sides = [length]
    test = Tensor(pieces, shape: [count, 1, length])
    draw = { count, random in
      let pieces = (0..<count).flatMap { _ in
        let start = Int.random(in: 0...border - length, using: &random)
        return values[start..<start + length]
      }
      return Tensor(pieces, shape: [count, 1, length])
    }
  }

  func batch(of count: Int, _ random: inout RandomSequence) -> Tensor { draw(count, &random) }
}
