/// Where a number that is not finite first appeared in a loop, or which bound was broken.
public struct LoopFailure: Error, BitwiseCopyable, Sendable {
  /// The address of the failing call's arguments; it tells the loops of a program apart.
  var site: UInt = 0
  /// The step that produced it, counted from 0 in the order of execution.
  public internal(set) var iteration = 0
  /// Which leaf of the state, in the order of its tree.
  public internal(set) var leaf = 0
  /// Which element of that leaf, in row-major order.
  public package(set) var element = 0
  /// The offending value.
  public internal(set) var value = 0.0
  /// The Euclidean norm of the guarded buffers before that step.
  public internal(set) var norm = 0.0
  /// The bound that was broken, where there is one.
  public internal(set) var bound = 0.0
}
