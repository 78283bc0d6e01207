import CThalwegMeter

/// What the machine can do at most: multiply-adds and memory traffic a second.
enum MachineBench {
  /// Where the arrays of a measurement lie, and the bytes that they take: of each thread in a cache
  /// of its own, of all threads together elsewhere.
  private static let places: [(name: String, bytes: Int, isShared: Bool)] = [
    ("second-level cache", 480 << 10, false), ("third-level cache", 12 << 20, true),
    ("memory", 192 << 20, true),
  ]

  private static let traffic: [(name: String, kind: tw_meter_traffic)] = [
    ("copy", TW_METER_COPY), ("triad", TW_METER_TRIAD),
    ("triad, stores past the caches", TW_METER_STREAM),
  ]

  static let cases = peaks + bandwidths

  private static let peaks = [32, 64].flatMap { element in
    [512, 256, 128].flatMap { width in
      [false, true].map { isParallel in
        BenchCase(
          "machine", "multiply-adds f\(element), \(width) bits", name(isParallel)
        ) { example, settings in
          let plan = plan(settings, isParallel)
          let rates = tw_meter_peak(Int32(element), Int32(width), plan)
          return rates.best == 0
            ? [] : [record(example, rates, "GFLOP/s", threads: plan.threads)]
        }
      }
    }
  }

  private static let bandwidths = places.flatMap { place in
    traffic.flatMap { traffic in
      [false, true].map { isParallel in
        BenchCase(
          "machine", "\(traffic.name), \(place.name)", name(isParallel)
        ) { example, settings in
          let plan = plan(settings, isParallel)
          let bytes = place.bytes * (place.isShared ? 1 : Int(plan.threads))
          let rates = tw_meter_bandwidth(traffic.kind, Int64(bytes), plan)
          return [record(example, rates, "GB/s", threads: plan.threads)]
        }
      }
    }
  }

  private static func name(_ isParallel: Bool) -> String {
    isParallel ? "all threads" : "1 thread"
  }

  private static func plan(_ settings: BenchSettings, _ isParallel: Bool) -> tw_meter_plan {
    QuietMachine.wait(atMost: settings.patience)
    return tw_meter_plan(
      threads: isParallel ? Int32(settings.threads) : 1, bursts: settings.isQuick ? 5 : 21,
      seconds: 0.02)
  }

  /// The highest rate is the limit; the median says how much others took of it.
  private static func record(
    _ example: BenchCase, _ rates: tw_meter_rates, _ unit: String, threads: Int32
  ) -> BenchRecord {
    var record = BenchRecord(example, unit, rates.best * 1e-9, unit: unit)
    record.median = rates.median * 1e-9
    record.threads = Int(threads)
    return record
  }

  /// Multiply-adds a second in short bursts, as the limit of what was measured right before.
  static func burst(threads: Int) -> Double {
    let plan = tw_meter_plan(threads: Int32(threads), bursts: 7, seconds: 0.003)
    return tw_meter_peak(32, tw_meter_widest(), plan).best
  }
}
