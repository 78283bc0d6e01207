import CThalwegKernels

/// A kernel with its arguments, before the buffers have places.
struct ProgramCall {
  var kernel: tw_kernel
  var arguments: UnsafeRawPointer
  var accesses: [Access]
  var cut: Cut?
  /// A line for each call that was there before some were joined.
  var labels: [String]
  /// What the call computes, if it is a chain.
  var chain: ChainCall? = nil

  var label: String { labels.joined(separator: "\n       ") }

  var encoded: tw_call {
    tw_call(
      kernel: kernel, arguments: arguments,
      whole: tw_part(begin: 0, end: Int64(cut?.extent ?? 0), first: 1, worker: 0))
  }

  func depends(on other: ProgramCall) -> Bool {
    accesses.contains { access in other.accesses.contains { access.depends(on: $0) } }
  }
}
