import Thalweg

/// Series of several lengths, seen at some of their times, as paths that all take as long.
///
/// Between the times that are seen a path is a straight line, and behind the last it stands still: a
/// controlled differential equation then stands still too, so that lengths need no masks.
struct IrregularSeries {
  /// The first values, `[series, channels + 1]`; the last channel is time.
  let first: Tensor
  /// How values change from each time to the next, `[times, series, channels + 1]`.
  let increments: Tensor
  /// The index of the class of each series.
  let labels: Tensor

  /// Leaves out a share of the values between the first and the last one of each series.
  init(_ file: SeriesFile, classes: [String], times: Int, missing share: Double, key: UInt64) {
    let lots = Tensor.randomUniform([file.series.count, times + 1], key: Tensor(Double(key)))
    var starts: [Double] = []
    var changes: [[Double]] = Array(repeating: [], count: times)
    for (index, channels) in file.series.enumerated() {
      let count = channels[0].count
      let lot = lots[index].values
      let seen = (0..<count).filter { $0 == 0 || $0 == count - 1 || lot[$0] >= share }
      let timed = channels + [(0..<count).map { 0.1 * Double($0) }]
      starts += timed.map { $0[0] }
      for time in 0..<times {
        guard let next = seen.first(where: { $0 > time }),
          let last = seen.last(where: { $0 <= time })
        else {
          changes[time] += timed.map { _ in 0 }
          continue
        }
        changes[time] += timed.map { ($0[next] - $0[last]) / Double(next - last) }
      }
    }
    let (series, width) = (file.series.count, file.series[0].count + 1)
    first = Tensor(starts, shape: [series, width], dtype: .float32)
    increments = Tensor(
      changes.flatMap { $0 }, shape: [times, series, width], dtype: .float32)
    labels = Tensor(file.labels.map { Double(classes.firstIndex(of: $0) ?? -1) }).to(.float32)
  }
}
