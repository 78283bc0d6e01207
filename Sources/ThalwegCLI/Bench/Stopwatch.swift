/// Repeated timings of a piece of work, in bursts between which other processes are waited for.
///
/// Bursts during which others were busy are left out where enough remain. Something else may be
/// measured right after each burst, so that a ratio of both does not depend on the clock rate.
struct Stopwatch {
  /// Seconds for one call: the median of the undisturbed bursts if there are three, else the least.
  let value: Double
  /// Seconds for one call in the best burst, and in the median one of all.
  let best: Double
  let median: Double
  /// The bursts.
  let bursts: Int
  /// The cores that other processes used in the median burst.
  let others: Double
  /// What was measured beside it, in order.
  let companions: [Double]

  /// Times a piece of work.
  ///
  /// The first call is not timed, unless the work is said to have been warmed up before.
  init(
    _ settings: BenchSettings, isWarm: Bool = false, beside companion: (() throws -> Double)? = nil,
    _ work: () throws -> Void
  ) throws {
    if !isWarm { try work() }
    let clock = ContinuousClock()
    let begin = clock.now
    let once = max(try Self.seconds(work), 1e-9)
    let calls = try Self.callsPerBurst(settings, once, work)
    var rows: [(seconds: Double, others: Double)] = []
    var companions: [Double] = []
    var patience = 3 * settings.patience
    while true {
      let waiting = Self.seconds { QuietMachine.wait(atMost: min(patience, settings.patience)) }
      patience = max(0, patience - max(0, waiting - 0.3))
      // Caches and threads have gone cold meanwhile.
      if waiting > 0.1, once < 4 { try work() }
      let moment = QuietMachine.Moment()
      let seconds = try Self.seconds { for _ in 0..<calls { try work() } }
      rows.append((seconds / Double(calls), moment?.othersSince ?? 0))
      if let companion { companions.append(try companion()) }
      let spent = (clock.now - begin) / .seconds(1)
      let quiet = rows.count { $0.others < QuietMachine.threshold }
      if quiet >= settings.bursts(of: once) || rows.count >= settings.mostBursts { break }
      if rows.count >= 3, spent > settings.budget { break }
    }
    let times = rows.map(\.seconds).sorted()
    let quiet = rows.filter { $0.others < QuietMachine.threshold }.map(\.seconds).sorted()
    best = times[0]
    median = times[times.count / 2]
    value = quiet.count >= 3 ? quiet[quiet.count / 2] : best
    bursts = rows.count
    others = rows.map(\.others).sorted()[rows.count / 2]
    self.companions = companions
  }

  private static func callsPerBurst(
    _ settings: BenchSettings, _ once: Double, _ work: () throws -> Void
  ) rethrows -> Int {
    guard once < settings.burst else { return 1 }
    // The first calls after a pause are slow; a tenth of a burst says more than one call.
    let probes = max(1, Int(0.1 * settings.burst / once))
    let each = try seconds { for _ in 0..<probes { try work() } } / Double(probes)
    return max(1, Int((settings.burst / max(each, 1e-9)).rounded(.up)))
  }

  /// The seconds that a piece of work takes once.
  static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work)
    let parts = duration.components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}
