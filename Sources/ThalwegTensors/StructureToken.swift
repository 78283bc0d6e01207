/// The identity of what a tree holds beside its tensors: closures, methods, numbers of steps.
///
/// A type that holds such things makes a token when it is created and names it while its leaves
/// are collected. Copies whose tensors were replaced share it. A compiled function then knows a
/// tree of another make from one with other numbers.
///
///     leaves.identify(by: token)
public final class StructureToken: Hashable, Sendable {
  /// Creates a token that equals no other.
  public init() {}

  public static func == (a: StructureToken, b: StructureToken) -> Bool { a === b }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What beside its tensors tells a tree from others of its type, so that they share no plan.
package struct TreeStructure: Hashable, Sendable {
  /// The identities of closures and other things, in order.
  var tokens: [StructureToken] = []
  /// The lengths of arrays and optionals, in order.
  var lengths: [Int] = []

  /// The structure of a tree of tensors alone.
  package init() {}
}
