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

extension UnsafePointer<UnsafeMutableRawPointer?> {
  /// The record of the run to which a table belongs.
  @inline(__always)
  var record: UnsafeMutablePointer<RunRecord>? {
    self[0]?.assumingMemoryBound(to: RunRecord.self)
  }
}
