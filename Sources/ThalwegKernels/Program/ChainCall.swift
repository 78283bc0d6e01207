/// What a call that runs a chain computes.
struct ChainCall {
  var form: Chain
  var dtype: DType
  /// What interpreting the chain takes.
  var scratch: Slot
  /// Inputs whose memory may be that of an output.
  var overwritten: Set<Slot>
}
