#if os(Linux)
  internal import Glibc
#endif

/// Memory that holds machine code: written first, then only read and executed.
final class ExecutableMemory: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  private let size: Int

  #if os(Linux)
    /// Copies code to fresh memory; nil where the system does not allow it to be executed.
    init?(_ code: [UInt8]) {
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      size = (code.count + page - 1) / page * page
      let flags = MAP_PRIVATE | MAP_ANONYMOUS
      guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0),
        memory != MAP_FAILED
      else { return nil }
      base = memory
      code.withUnsafeBytes { bytes in
        if let first = bytes.baseAddress { memory.copyMemory(from: first, byteCount: bytes.count) }
      }
      guard mprotect(base, size, PROT_READ | PROT_EXEC) == 0 else { return nil }
    }

    deinit { munmap(base, size) }
  #else
    init?(_ code: [UInt8]) { return nil }
  #endif
}
