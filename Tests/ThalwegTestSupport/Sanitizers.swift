import CThalwegProbes
public import Testing

extension Trait where Self == ConditionTrait {
  /// For tests that count allocations.
  public static var whereAllocationsAreCounted: Self {
    .enabled(if: probe_is_available() != 0, "a sanitizer has an allocator of its own")
  }

  /// For tests that limit memory.
  public static var whereMemoryCanBeLimited: Self {
    .enabled(if: probe_is_available() != 0, "a sanitizer reserves more addresses than any limit")
  }
}
