/// Random bits whose sequence is fixed by a seed.
///
/// - Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
///   2014, doi:10.1145/2660193.2660195.
package struct RandomSequence: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// Begins a sequence of its own for a purpose, so that the draws of one do not shift another's.
  package init(seed: UInt64, purpose: UInt64) {
    var outer = RandomSequence(seed: seed)
    var inner = RandomSequence(seed: outer.next() &+ purpose)
    state = inner.next()
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
