import Testing
import ThalwegKernels

/// An instruction, its bytes as the assembler of LLVM writes them, and how it is written here.
private struct Encoding: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: String
  let write: @Sendable (inout Assembler) -> Void

  init(_ text: String, _ bytes: String, _ write: @escaping @Sendable (inout Assembler) -> Void) {
    testDescription = text
    self.bytes = bytes
    self.write = write
  }
}

private let general = [
  Encoding("mov rax, rdx", "4889d0") { $0.move(.rax, .rdx) },
  Encoding("mov r12, rcx", "4989cc") { $0.move(.r12, .rcx) },
  Encoding("xor r8d, r8d", "4531c0") { $0.move(.r8, immediate: 0) },
  Encoding("mov edx, 65535", "baffff0000") { $0.move(.rdx, immediate: 65_535) },
  Encoding("movabs r13, 81985529216486895", "49bdefcdab8967452301") {
    $0.move(.r13, immediate: 0x0123_4567_89AB_CDEF)
  },
  Encoding("movabs rcx, -1", "48b9ffffffffffffffff") { $0.move(.rcx, immediate: -1) },
  Encoding("mov rdi, qword ptr [rsi + 24]", "488b7e18") { $0.load(.rdi, Address(.rsi, 24)) },
  Encoding("mov r15, qword ptr [rsp + 1024]", "4c8bbc2400040000") {
    $0.load(.r15, Address(.rsp, 1024))
  },
  Encoding("mov qword ptr [rsp + 8], r9", "4c894c2408") { $0.store(Address(.rsp, 8), .r9) },
  Encoding("mov qword ptr [rsp + 16], 7", "48c744241007000000") {
    $0.store(Address(.rsp, 16), immediate: 7)
  },
  Encoding("lea rdx, [r13]", "498d5500") { $0.loadAddress(.rdx, Address(.r13)) },
  Encoding("lea rsi, [rbp + 4*rax - 128]", "488d748580") {
    $0.loadAddress(.rsi, Address(.rbp, index: .rax, scale: 4, -128))
  },
  Encoding("lea rsi, [r12 + 8*r9 + 300]", "4b8db4cc2c010000") {
    $0.loadAddress(.rsi, Address(.r12, index: .r9, scale: 8, 300))
  },
  Encoding("add r10, rax", "4901c2") { $0.add(.r10, .rax) },
  Encoding("add rdx, qword ptr [rsp + 40]", "4803542428") { $0.add(.rdx, Address(.rsp, 40)) },
  Encoding("sub rdx, rsi", "4829f2") { $0.subtract(.rdx, .rsi) },
  Encoding("add rax, 64", "4883c040") { $0.add(.rax, immediate: 64) },
  Encoding("add r11, 4096", "4981c300100000") { $0.add(.r11, immediate: 4096) },
  Encoding("add qword ptr [rsp + 8], -2048", "488144240800f8ffff") {
    $0.add(Address(.rsp, 8), immediate: -2048)
  },
  Encoding("and rsi, qword ptr [rsp + 8]", "4823742408") { $0.and(.rsi, Address(.rsp, 8)) },
  Encoding("cmp r9, 100000", "4981f9a0860100") { $0.compare(.r9, immediate: 100_000) },
  Encoding("cmp rax, rcx", "4839c8") { $0.compare(.rax, .rcx) },
  Encoding("cmp rdx, qword ptr [rsp + 32]", "483b542420") { $0.compare(.rdx, Address(.rsp, 32)) },
  Encoding("imul rsi, rax, 1200", "4869f0b0040000") { $0.multiply(.rsi, .rax, immediate: 1200) },
  Encoding("shr rdx, 3", "48c1ea03") { $0.shiftRight(.rdx, by: 3) },
  Encoding("cmovl rdx, rsi", "480f4cd6") { $0.move(.rdx, .rsi, if: .less) },
  Encoding("cmovg r8, r14", "4d0f4fc6") { $0.move(.r8, .r14, if: .greater) },
  Encoding("sbb rsi, rsi", "4819f6") { $0.fillIfBelow(.rsi) },
  Encoding("bzhi rsi, rsi, rdx", "c4e2e8f5f6") { $0.keepLow(.rsi, .rsi, count: .rdx) },
  Encoding("bzhi r9, rdx, r12", "c46298f5ca") { $0.keepLow(.r9, .rdx, count: .r12) },
  Encoding("push r12", "4154") { $0.push(.r12) },
  Encoding("push rbp", "55") { $0.push(.rbp) },
  Encoding("pop r15", "415f") { $0.pop(.r15) },
  Encoding("pop rbx", "5b") { $0.pop(.rbx) },
  Encoding("ret", "c3") { $0.returnToCaller() },
  Encoding("vzeroupper", "c5f877") { $0.clearUpperHalves() },
  Encoding("kmovw k1, edx", "c5f892ca") { $0.moveMask(1, .rdx) },
  Encoding("kmovw k7, k1", "c5f890f9") { $0.moveMask(7, 1) },
  Encoding("kmovw k7, word ptr [rsp + 48]", "c5f8907c2430") { $0.loadMask(7, Address(.rsp, 48)) },
  Encoding("kandw k7, k7, k1", "c5c441f9") { $0.andMask(7, 1) },
  Encoding("kxnorw k7, k7, k7", "c5c446ff") { $0.fillMask(7) },
]

private let moves = [
  Encoding("vmovaps zmm1 {k6} {z}, zmm19", "62b17cce28cb") {
    $0.vector(
      .move(false), 1, 0, .register(19), .bytes64, mask: LaneMask(register: 6, clears: true))
  },
  Encoding("vmovapd zmm18, zmm19", "62a1fd4828d3") {
    $0.vector(.move(true), 18, 0, .register(19), .bytes64)
  },
  Encoding("vmovups zmm25, zmmword ptr [r10 + rax - 64]", "62417c48104c02ff") {
    $0.vector(.load(false), 25, 0, .memory(Address(.r10, index: .rax, -64)), .bytes64)
  },
  Encoding("vmovupd zmm25 {k1} {z}, zmmword ptr [r10 + rax]", "6241fdc9100c02") {
    $0.vector(
      .load(true), 25, 0, .memory(Address(.r10, index: .rax)),
      .bytes64, mask: LaneMask(register: 1, clears: true))
  },
  Encoding("vmovups zmmword ptr [r11 + rax] {k1}, zmm6", "62d17c49113403") {
    $0.vector(
      .store(false), 6, 0, .memory(Address(.r11, index: .rax)),
      .bytes64, mask: LaneMask(register: 1))
  },
  Encoding("vmovupd ymmword ptr [r11 + 32], ymm16", "62c1fd28114301") {
    $0.vector(.store(true), 16, 0, .memory(Address(.r11, 32)), .bytes32)
  },
  Encoding("vmovss xmm17, dword ptr [rdi + 4]", "62e17e08104f01") {
    $0.vector(.loadElement(bytes: 4), 17, 0, .memory(Address(.rdi, 4)), .bytes16)
  },
  Encoding("vmovsd xmm17, qword ptr [rdi + 8]", "62e1ff08104f01") {
    $0.vector(.loadElement(bytes: 8), 17, 0, .memory(Address(.rdi, 8)), .bytes16)
  },
  Encoding("vmovss dword ptr [rdi + 4], xmm17", "62e17e08114f01") {
    $0.vector(.storeElement(bytes: 4), 17, 0, .memory(Address(.rdi, 4)), .bytes16)
  },
  Encoding("vmovsd qword ptr [rdi + 8], xmm17", "62e1ff08114f01") {
    $0.vector(.storeElement(bytes: 8), 17, 0, .memory(Address(.rdi, 8)), .bytes16)
  },
  Encoding("vbroadcastss zmm24, dword ptr [rbx + 12]", "62627d48184303") {
    $0.vector(.broadcast(false), 24, 0, .memory(Address(.rbx, 12)), .bytes64)
  },
  Encoding("vbroadcastsd zmm24, qword ptr [rbx + 16]", "6262fd48194302") {
    $0.vector(.broadcast(true), 24, 0, .memory(Address(.rbx, 16)), .bytes64)
  },
  Encoding("vgatherdps zmm17 {k7}, [rsi + 4*zmm28 + 40]", "62a27d47924ca60a") {
    $0.vector(
      .gather(false), 17, 0, .gathered(Address(.rsi, index: nil, scale: 4, 40), index: 28),
      .bytes64, mask: LaneMask(register: 7))
  },
  Encoding("vgatherdpd zmm1 {k7}, [r9 + 8*ymm12]", "6292fd4f920ce1") {
    $0.vector(
      .gather(true), 1, 0, .gathered(Address(.r9, index: nil, scale: 8), index: 12),
      .bytes64, mask: LaneMask(register: 7))
  },
  Encoding("vscatterdps [rsi + 4*zmm8] {k7}, zmm17", "62a27d4fa20c86") {
    $0.vector(
      .scatter(false), 17, 0, .gathered(Address(.rsi, index: nil, scale: 4), index: 8),
      .bytes64, mask: LaneMask(register: 7))
  },
  Encoding("vscatterdpd [r13 + 8*ymm20 - 16] {k7}, zmm2", "62d2fd47a254e5fe") {
    $0.vector(
      .scatter(true), 2, 0, .gathered(Address(.r13, index: nil, scale: 8, -16), index: 20),
      .bytes64, mask: LaneMask(register: 7))
  },
  Encoding("vcvtps2pd zmm3, ymm19", "62b17c485adb") {
    $0.vector(.widen, 3, 0, .register(19), .bytes64)
  },
  Encoding("vcvtpd2ps ymm19, zmm3", "62e1fd485adb") {
    $0.vector(.narrow, 19, 0, .register(3), .bytes64)
  },
  Encoding("vextractf32x8 ymm18, zmm3, 1", "62b37d481bda01") {
    $0.vector(.upperHalf, 3, 0, .register(18), .bytes64, immediate: 1)
  },
  Encoding("vinsertf32x8 zmm3, zmm3, ymm18, 1", "62b365481ada01") {
    $0.vector(.joinHalves, 3, 3, .register(18), .bytes64, immediate: 1)
  },
  Encoding("vpxord zmm19, zmm19, zmm19", "62a16540efdb") {
    $0.vector(.clear, 19, 19, .register(19), .bytes64)
  },
]

@Suite struct AssemblerTests {
  @Test(arguments: general + moves)
  private func `instructions are encoded as by another assembler`(_ encoding: Encoding) {
    var assembler = Assembler()
    encoding.write(&assembler)
    #expect(hexadecimal(assembler.code) == encoding.bytes)
  }

  @Test func `jumps lead to their labels`() {
    var assembler = Assembler()
    let (start, end) = (assembler.makeLabel(), assembler.makeLabel())
    assembler.jump(to: end)
    assembler.bind(start)
    assembler.returnToCaller()
    assembler.bind(end)
    assembler.jump(if: .less, to: start)
    let code = assembler.finish()
    #expect(hexadecimal(Array(code.prefix(12))) == "e901000000c30f8cf9ffffff")
    #expect(code.count == 64)
  }
}

/// The bytes as two digits each.
func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
