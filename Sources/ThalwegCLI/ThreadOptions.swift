import ArgumentParser
import Thalweg
import ThalwegKernels

/// The flag of all commands that compute.
struct ThreadOptions: ParsableArguments {
  /// More threads than any machine has would only be a slip of the keyboard.
  private static let most = 256

  @Option(
    help: ArgumentHelp(
      "How many threads work; results are the same for any number."
        + " (default: THALWEG_THREADS, or one for each processor)"))
  var threads: Int?

  func validate() throws {
    try FlagRange.check("--threads", threads, 1...Self.most)
    let count = threads ?? Threads.count
    let needed = (count + 1) * Machine.blasBufferBytes
    guard Machine.hasRoom(forBytes: needed) else {
      throw ValidationError(
        "a limit on memory leaves less than the \(needed >> 20) MiB of addresses that \(count)"
          + " threads reserve; raise it ('ulimit -v'), or use fewer --threads")
    }
  }

  /// Sets the number of threads of this process.
  func apply() {
    if let threads { Threads.count = threads }
  }
}
