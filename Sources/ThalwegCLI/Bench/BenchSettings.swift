import ThalwegKernels

/// How measurements are done.
struct BenchSettings {
  /// Whether a few short bursts on a machine that may be busy are enough: a trial, no measurement.
  var isQuick = false
  /// The threads that work at once.
  var threads = Threads.count

  /// The seconds of a burst of calls that is timed as one.
  var burst: Double { isQuick ? 0.02 : 0.25 }
  /// The undisturbed bursts that are wanted of work that takes so many seconds.
  func bursts(of seconds: Double) -> Int {
    if isQuick { return 2 }
    return seconds < 1 ? 7 : seconds < 4 ? 5 : 3
  }
  /// The most bursts, if other processes disturb some of them.
  var mostBursts: Int { isQuick ? 2 : 15 }
  /// The seconds after which the bursts done so far are enough.
  var budget: Double { isQuick ? 1 : 60 }
  /// The seconds that each burst may wait for other processes to rest.
  var patience: Double { isQuick ? 0 : 15 }

  /// The same with one thread, or with all of them, which the library uses from now on.
  func applied(isParallel: Bool) -> BenchSettings {
    var settings = self
    settings.threads = isParallel ? threads : 1
    Threads.count = settings.threads
    return settings
  }
}
