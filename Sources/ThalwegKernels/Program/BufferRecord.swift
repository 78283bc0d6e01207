/// A buffer of a program that is being built.
struct BufferRecord {
  /// Where its memory comes from.
  enum Home {
    case record
    case input(Int)
    case output(Int)
    case constant(Storage)
    case arena
  }

  var home: Home
  var bytes: Int

  var isTemporary: Bool {
    if case .arena = home { return true }
    return false
  }
}
