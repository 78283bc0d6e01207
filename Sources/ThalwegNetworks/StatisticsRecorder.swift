import Synchronization
import ThalwegTensors

/// What a layer that is being measured adds the statistics of its inputs to.
final class StatisticsRecorder: Sendable {
  private let recorded = Mutex<ChannelStatistics?>(nil)

  /// The statistics of all images so far.
  var statistics: ChannelStatistics? { recorded.withLock { $0 } }

  /// Adds the statistics of images.
  func record(_ images: Tensor) {
    let new = ChannelStatistics(of: images)
    recorded.withLock { $0 = $0?.merged(with: new) ?? new }
  }
}
