/// What a run keeps beside its buffers.
///
/// The first slot of every table of a run points at the same record, also in the programs that its
/// calls run.
struct RunRecord: BitwiseCopyable {
  /// Why the run stopped; it means something only where a call returned a status other than 0.
  var failure = LoopFailure()
  /// Reset at the beginning of a run.
  var counts = RunCounts()
  /// The tapes that calls of this run recorded.
  var tapes: UnsafeMutablePointer<TapeShelf>
}

extension UnsafeMutablePointer<RunRecord> {
  /// Says in which step a solver failed; nothing where it was something else that did.
  func locateFailure(
    in step: Int, site: UnsafeRawPointer, norm: Double = .nan, time: Double = 0,
    stepSize: Double = 0
  ) {
    guard pointee.failure.isOfSolver else { return }
    pointee.failure.site = UInt(bitPattern: site)
    pointee.failure.iteration = step
    pointee.failure.norm = norm
    pointee.failure.time = time
    pointee.failure.stepSize = stepSize
  }
}

extension UnsafePointer<UnsafeMutableRawPointer?> {
  /// The record of the run to which a table belongs.
  @inline(__always)
  var record: UnsafeMutablePointer<RunRecord>? {
    self[0]?.assumingMemoryBound(to: RunRecord.self)
  }
}
