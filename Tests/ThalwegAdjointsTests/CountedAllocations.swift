import CThalwegProbes
import Testing

extension Trait where Self == ConditionTrait {
  /// For tests that count allocations.
  static var whereAllocationsAreCounted: Self {
    .enabled(if: probe_is_available() != 0, "a sanitizer has an allocator of its own")
  }
}
