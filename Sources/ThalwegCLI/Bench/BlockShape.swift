import ThalwegDynamics
import ThalwegTensors

/// A block of workload W2: its kind, the size of its images, and its depth.
struct BlockShape {
  enum Kind: String, CaseIterable {
    case leapfrog, parabolic, hamiltonian
  }

  static let batch = 64

  let kind: Kind
  let channels: Int
  let side: Int
  let steps: Int

  static let all =
    [4, 16, 64, 256].flatMap { steps in
      Kind.allCases.map { BlockShape(kind: $0, channels: 32, side: 32, steps: steps) }
    }
    + [16, 64].flatMap { steps in
      Kind.allCases.map { BlockShape(kind: $0, channels: 64, side: 16, steps: steps) }
    }

  /// As `leapfrog 32x32x32 N=4`.
  var name: String { "\(kind) \(channels)x\(side)x\(side) N=\(steps)" }

  /// The time at the end.
  var horizon: Double { kind == .parabolic ? 0.5 : 1 }

  /// Layers in a step, and the channels of each.
  var layers: Int { kind == .hamiltonian ? 2 : 1 }
  var layerChannels: Int { channels / layers }

  /// The kernels of each step.
  var kernels: [[Tensor]] {
    let c = layerChannels
    let count = c * c * 9
    let amplitude = (2 / Double(9 * c)).squareRoot()
    let values = chirp(steps * layers * count, phase: 0.3, amplitude: amplitude)
    return (0..<steps).map { step in
      (0..<layers).map { layer in
        let first = (step * layers + layer) * count
        return Tensor(
          Array(values[first..<first + count]), shape: [c, c, 3, 3], dtype: .float32)
      }
    }
  }

  /// The images at the start.
  var images: Tensor {
    let count = Self.batch * channels * side * side
    return Tensor(
      chirp(count, phase: 0.7), shape: [Self.batch, channels, side, side], dtype: .float32)
  }

  /// The halves of the images' channels.
  var halves: PhasePoint {
    let halves = images.split(into: 2, along: 1)
    return PhasePoint(q: halves[0], p: halves[1])
  }

  /// Operations of one convolution, where a multiply-add counts as two, at the edges too.
  var operations: Double {
    Double(2 * Self.batch * layerChannels * layerChannels * 9 * side * side)
  }
}
