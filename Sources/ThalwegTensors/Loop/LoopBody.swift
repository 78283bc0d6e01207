import ThalwegKernels

/// What one iteration of a ``Loop`` computes, traced once.
///
/// All that does not change from one iteration to the next is computed outside and shared.
package final class LoopBody: Sendable {
  /// The carried tensors before and after an iteration.
  package let carry: [Tensor]
  package let next: [Tensor]
  /// What the iteration sees of each sequence.
  package let scanned: [Tensor]
  /// What the iteration adds to each sequence of results.
  package let emitted: [Tensor]
  /// What all iterations share.
  package let shared: [Tensor]
  /// The way back: the carried tensors before an iteration from those after it.
  package let reverse: (after: [Tensor], before: [Tensor])?

  package init(
    carry: [Tensor], next: [Tensor], scanned: [Tensor], emitted: [Tensor], shared: [Tensor],
    reverse: (after: [Tensor], before: [Tensor])? = nil
  ) {
    self.carry = carry
    self.next = next
    self.scanned = scanned
    self.emitted = emitted
    self.shared = shared
    self.reverse = reverse
  }

  /// The arguments in the order of a program: carried, scanned, shared.
  package var inputs: [Tensor] { carry + scanned + shared }
}
