import Foundation
import Thalweg

/// A file of series of three classes, waves of different length with noise.
///
/// It is computed, so that the example runs without data.
func syntheticSeries(_ count: Int, key: Double) -> String {
  let noise = Tensor.randomNormal([count, 2, 20], key: Tensor(key)).values
  let lots = Tensor.randomUniform([count, 2], key: Tensor(key), stream: 1).values
  let lines = (0..<count).map { index in
    let (kind, length) = (index % 3, 10 + Int(10 * lots[2 * index]))
    let channels = (0..<2).map { channel in
      (0..<length).map { time in
        let angle = 0.25 * Double(1 + kind) * Double(time) + 6 * lots[2 * index + 1]
        let wave = channel == 0 ? Foundation.sin(angle) : Foundation.cos(angle)
        return "\(wave + 0.1 * noise[40 * index + 20 * channel + time])"
      }
      .joined(separator: ",")
    }
    return channels.joined(separator: ":") + ":wave\(kind)"
  }
  return (["@problemName Waves", "@classLabel true wave0 wave1 wave2", "@data"] + lines)
    .joined(separator: "\n")
}
