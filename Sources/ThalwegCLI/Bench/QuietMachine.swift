import Foundation

/// What other processes do while something is measured.
enum QuietMachine {
  /// A moment in the life of the machine.
  struct Moment {
    let time: Double
    /// Seconds of processor time spent by all processes, and by this one.
    let all: Double
    let own: Double

    /// Now; none where the system does not say what others do.
    init?() {
      guard let all = QuietMachine.busySeconds else { return nil }
      time = QuietMachine.seconds(CLOCK_MONOTONIC)
      self.all = all
      own = QuietMachine.seconds(CLOCK_PROCESS_CPUTIME_ID)
    }

    /// The cores that other processes have used since then.
    var othersSince: Double {
      guard let now = Moment(), now.time > time else { return 0 }
      return Swift.max(0, (now.all - all - (now.own - own)) / (now.time - time))
    }
  }

  /// Less than this many cores do not disturb a measurement.
  static let threshold = 0.1

  /// Waits until other processes rest, at most so many seconds.
  static func wait(atMost patience: Double) {
    let begin = seconds(CLOCK_MONOTONIC)
    while patience > 0, let moment = Moment() {
      Thread.sleep(forTimeInterval: 0.2)
      if moment.othersSince < 1.5 * threshold { return }
      guard seconds(CLOCK_MONOTONIC) - begin < patience else { return }
    }
  }

  /// Seconds that processors were busy since the machine was started, in steps of 10 ms.
  private static var busySeconds: Double? {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let line = text.split(separator: "\n").first
    else { return nil }
    // user, nice, system, idle, waiting for data, interrupts twice, stolen by other guests
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard ticks.count >= 7 else { return nil }
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / 100
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
