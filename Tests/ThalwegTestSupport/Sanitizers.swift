import CThalwegProbes
public import Testing

extension Trait where Self == ConditionTrait {
  /// For tests that count allocations.
  public static var whereAllocationsAreCounted: Self {
    .enabled(if: probe_sanitizer() == 0, "a sanitizer has an allocator of its own")
  }

  /// For tests that limit memory.
  public static var whereMemoryCanBeLimited: Self {
    .enabled(if: probe_sanitizer() == 0, "a sanitizer reserves more addresses than any limit")
  }

  /// For tests that limit the size of files.
  public static var whereFilesCanBeLimited: Self {
    .enabled(if: probe_sanitizer() != 2, "the thread sanitizer keeps what it knows in files")
  }
}
