/// Repeated timings of a piece of work.
///
/// The least of several bursts is the figure that other processes disturb least; the median stands
/// beside it.
struct Stopwatch {
  /// Seconds for one call.
  let best: Double
  let median: Double

  /// Times bursts of at least `burst` seconds.
  init(bursts: Int = 7, burst: Double = 0.1, _ work: () throws -> Void) rethrows {
    try work()
    let once = Swift.max(try Self.seconds(work), 1e-9)
    let calls = Swift.max(1, Int(burst / once))
    var times: [Double] = []
    for _ in 0..<bursts {
      times.append(try Self.seconds { for _ in 0..<calls { try work() } } / Double(calls))
    }
    times.sort()
    best = times[0]
    median = times[times.count / 2]
  }

  /// The seconds that a piece of work takes once.
  static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work)
    let parts = duration.components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}
