/// Owns the argument blocks that the calls of a program point at.
///
/// A block is written once, while the program is built, and lives as long as the program.
final class ArgumentStore {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit {
    for block in blocks { block.deallocate() }
  }

  /// Stores a value and returns its address.
  func store<Value: BitwiseCopyable>(_ value: Value) -> UnsafePointer<Value> {
    store([value])
  }

  /// Stores the values one after the other and returns the address of the first.
  func store<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafePointer<Value> {
    let block = UnsafeMutablePointer<Value>.allocate(capacity: Swift.max(values.count, 1))
    block.initialize(from: values, count: values.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return UnsafePointer(block)
  }
}
