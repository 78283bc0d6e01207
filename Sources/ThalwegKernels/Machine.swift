internal import COpenBLAS
internal import CThalwegKernels
internal import Glibc

/// What plans find on this machine.
package enum Machine {
  /// The instructions that the kernels are chosen for.
  package static var level: String {
    switch tw_level_of_machine() {
    case TW_LEVEL_AVX512: "avx512"
    case TW_LEVEL_AVX2: "avx2"
    default: "portable"
    }
  }

  /// Whether chains of element-wise operations become machine code, rather than being interpreted.
  package static var hasMachineCode: Bool {
    environmentVariable("THALWEG_MACHINE_CODE") != "off" && tw_machine_is_covered() != 0
  }

  /// The version of OpenBLAS and how it was built.
  package static var blasConfiguration: String {
    openblas_get_config().map { String(cString: $0) } ?? "unknown"
  }

  /// The processor that OpenBLAS takes this one for.
  package static var blasCore: String {
    openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

  /// Whether so many bytes of address space are to be had.
  ///
  /// OpenBLAS tries for ever where it gets none for the buffer that a thread packs matrices into.
  package static func hasRoom(forBytes count: Int) -> Bool {
    // Not malloc, which the compiler leaves out where nothing is stored.
    let room = mmap(
      nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let room, room != MAP_FAILED else { return false }
    munmap(room, count)
    return true
  }

  /// The address space that OpenBLAS takes for a thread.
  package static let blasBufferBytes = 128 << 20
}
