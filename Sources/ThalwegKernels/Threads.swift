internal import CThalwegKernels
internal import Glibc

/// How many threads plans use.
///
///     Threads.count = 4
///
/// Batches are cut into pieces which the threads of a pool share with the caller. The cuts depend
/// on the plan alone, so that results are the same, bit for bit, whatever the number of threads. The
/// first number is that of the environment variable `THALWEG_THREADS`, or else that of the
/// processors on which the process may run.
///
/// - Cost: an idle thread spins for a millisecond before it sleeps. A busy machine slows a plan down
///   by the share that others take: no thread waits for one that was not given a processor.
public enum Threads {
  /// The number of threads that work on a plan, the caller included; at least 1.
  public static var count: Int {
    get {
      _ = initial
      return Int(tw_threads())
    }
    set {
      _ = initial
      tw_set_threads(Int32(clamping: newValue))
    }
  }

  /// The processors on which the process may run.
  public static var processors: Int { Int(tw_processors()) }

  /// The environment is read once, before the first use.
  static let initial: Void = {
    guard let text = getenv("THALWEG_THREADS"), let wanted = Int32(String(cString: text)) else {
      return
    }
    tw_set_threads(wanted)
  }()
}
