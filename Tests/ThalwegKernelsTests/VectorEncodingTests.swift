import Testing
import ThalwegKernels

/// An instruction, its bytes as the assembler of LLVM writes them, and those written here.
private struct Encoding: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let expected: String
  let found: String

  init(
    _ text: String, _ expected: String, _ operation: VectorOperation, isDouble: Bool,
    form: UInt8? = nil, _ target: UInt8, _ first: UInt8, _ source: VectorSource,
    _ length: VectorLength, mask: LaneMask = .all, immediate: UInt8? = nil
  ) {
    let instruction = VectorInstruction(operation, isDouble: isDouble)
    let encoding = form.map { instruction.encoding(form: $0) } ?? instruction.encoding
    var assembler = Assembler()
    assembler.vector(encoding, target, first, source, length, mask: mask, immediate: immediate)
    testDescription = text
    self.expected = expected
    found = hexadecimal(assembler.code)
  }
}

private let arithmetic = [
  Encoding(
    "vaddps ymm1, ymm17, ymm9", "62d1742058c9",
    .add, isDouble: false, 1, 17, .register(9), .bytes32),
  Encoding(
    "vaddps zmm1, zmm17, dword ptr [r9 + 24]{1to16}", "62d17450584906",
    .add, isDouble: false, 1, 17, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vaddpd xmm4, xmm22, xmm16", "62b1cd0058e0",
    .add, isDouble: true, 4, 22, .register(16), .bytes16),
  Encoding(
    "vaddpd zmm4, zmm22, qword ptr [r9 + 24]{1to8}", "62d1cd50586103",
    .add, isDouble: true, 4, 22, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vsubps zmm7, zmm27, zmm23", "62b124405cff",
    .subtract, isDouble: false, 7, 27, .register(23), .bytes64),
  Encoding(
    "vsubps zmm7, zmm27, dword ptr [r9 + 24]{1to16}", "62d124505c7906",
    .subtract, isDouble: false, 7, 27, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vsubpd ymm10, ymm0, ymm30", "6211fd285cd6",
    .subtract, isDouble: true, 10, 0, .register(30), .bytes32),
  Encoding(
    "vsubpd zmm10, zmm0, qword ptr [r9 + 24]{1to8}", "6251fd585c5103",
    .subtract, isDouble: true, 10, 0, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vmulps xmm13, xmm5, xmm5", "6271540859ed",
    .multiply, isDouble: false, 13, 5, .register(5), .bytes16),
  Encoding(
    "vmulps zmm13, zmm5, dword ptr [r9 + 24]{1to16}", "62515458596906",
    .multiply, isDouble: false, 13, 5, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vmulpd zmm16, zmm10, zmm12", "62c1ad4859c4",
    .multiply, isDouble: true, 16, 10, .register(12), .bytes64),
  Encoding(
    "vmulpd zmm16, zmm10, qword ptr [r9 + 24]{1to8}", "62c1ad58594103",
    .multiply, isDouble: true, 16, 10, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vdivps ymm19, ymm15, ymm19", "62a104285edb",
    .divide, isDouble: false, 19, 15, .register(19), .bytes32),
  Encoding(
    "vdivps zmm19, zmm15, dword ptr [r9 + 24]{1to16}", "62c104585e5906",
    .divide, isDouble: false, 19, 15, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vdivpd xmm22, xmm20, xmm26", "6281dd005ef2",
    .divide, isDouble: true, 22, 20, .register(26), .bytes16),
  Encoding(
    "vdivpd zmm22, zmm20, qword ptr [r9 + 24]{1to8}", "62c1dd505e7103",
    .divide, isDouble: true, 22, 20, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vminps zmm25, zmm25, zmm1", "626134405dc9",
    .minimum, isDouble: false, 25, 25, .register(1), .bytes64),
  Encoding(
    "vminps zmm25, zmm25, dword ptr [r9 + 24]{1to16}", "624134505d4906",
    .minimum, isDouble: false, 25, 25, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vminpd ymm28, ymm30, ymm8", "62418d205de0",
    .minimum, isDouble: true, 28, 30, .register(8), .bytes32),
  Encoding(
    "vminpd zmm28, zmm30, qword ptr [r9 + 24]{1to8}", "62418d505d6103",
    .minimum, isDouble: true, 28, 30, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vmaxps xmm31, xmm3, xmm15", "624164085fff",
    .maximum, isDouble: false, 31, 3, .register(15), .bytes16),
  Encoding(
    "vmaxps zmm31, zmm3, dword ptr [r9 + 24]{1to16}", "624164585f7906",
    .maximum, isDouble: false, 31, 3, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vmaxpd zmm2, zmm8, zmm22", "62b1bd485fd6",
    .maximum, isDouble: true, 2, 8, .register(22), .bytes64),
  Encoding(
    "vmaxpd zmm2, zmm8, qword ptr [r9 + 24]{1to8}", "62d1bd585f5103",
    .maximum, isDouble: true, 2, 8, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vscalefps ymm5, ymm13, ymm29", "629215282ced",
    .scale, isDouble: false, 5, 13, .register(29), .bytes32),
  Encoding(
    "vscalefps zmm5, zmm13, dword ptr [r9 + 24]{1to16}", "62d215582c6906",
    .scale, isDouble: false, 5, 13, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vscalefpd xmm8, xmm18, xmm4", "6272ed002cc4",
    .scale, isDouble: true, 8, 18, .register(4), .bytes16),
  Encoding(
    "vscalefpd zmm8, zmm18, qword ptr [r9 + 24]{1to8}", "6252ed502c4103",
    .scale, isDouble: true, 8, 18, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vpandd zmm11, zmm23, zmm11", "62514540dbdb",
    .and, isDouble: false, 11, 23, .register(11), .bytes64),
  Encoding(
    "vpandd zmm11, zmm23, dword ptr [r9 + 24]{1to16}", "62514550db5906",
    .and, isDouble: false, 11, 23, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vpandq ymm14, ymm28, ymm18", "62319d20dbf2",
    .and, isDouble: true, 14, 28, .register(18), .bytes32),
  Encoding(
    "vpandq zmm14, zmm28, qword ptr [r9 + 24]{1to8}", "62519d50db7103",
    .and, isDouble: true, 14, 28, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vpord xmm17, xmm1, xmm25", "62817508ebc9",
    .or, isDouble: false, 17, 1, .register(25), .bytes16),
  Encoding(
    "vpord zmm17, zmm1, dword ptr [r9 + 24]{1to16}", "62c17558eb4906",
    .or, isDouble: false, 17, 1, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vporq zmm20, zmm6, zmm0", "62e1cd48ebe0",
    .or, isDouble: true, 20, 6, .register(0), .bytes64),
  Encoding(
    "vporq zmm20, zmm6, qword ptr [r9 + 24]{1to8}", "62c1cd58eb6103",
    .or, isDouble: true, 20, 6, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vpxord ymm23, ymm11, ymm7", "62e12528efff",
    .xor, isDouble: false, 23, 11, .register(7), .bytes32),
  Encoding(
    "vpxord zmm23, zmm11, dword ptr [r9 + 24]{1to16}", "62c12558ef7906",
    .xor, isDouble: false, 23, 11, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vpxorq xmm26, xmm16, xmm14", "6241fd00efd6",
    .xor, isDouble: true, 26, 16, .register(14), .bytes16),
  Encoding(
    "vpxorq zmm26, zmm16, qword ptr [r9 + 24]{1to8}", "6241fd50ef5103",
    .xor, isDouble: true, 26, 16, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vpaddd zmm29, zmm21, zmm21", "62215540feed",
    .addBits, isDouble: false, 29, 21, .register(21), .bytes64),
  Encoding(
    "vpaddd zmm29, zmm21, dword ptr [r9 + 24]{1to16}", "62415550fe6906",
    .addBits, isDouble: false, 29, 21, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vpaddq ymm0, ymm26, ymm28", "6291ad20d4c4",
    .addBits, isDouble: true, 0, 26, .register(28), .bytes32),
  Encoding(
    "vpaddq zmm0, zmm26, qword ptr [r9 + 24]{1to8}", "62d1ad50d44103",
    .addBits, isDouble: true, 0, 26, .element(.init(.r9, 24)), .bytes64),
  Encoding(
    "vaddps zmm5, zmm20, zmmword ptr [r8 + rax + 128]", "62d15c40586c0002",
    .add, isDouble: false, 5, 20, .memory(.init(.r8, index: .rax, 128)), .bytes64),
  Encoding(
    "vaddpd zmm5, zmm20, zmmword ptr [r8 + rax + 100]", "62d1dd4058ac0064000000",
    .add, isDouble: true, 5, 20, .memory(.init(.r8, index: .rax, 100)), .bytes64),
  Encoding(
    "vaddps zmm5, zmm20, zmmword ptr [rsp + rax + 8192]", "62f15c4058ac0400200000",
    .add, isDouble: false, 5, 20, .memory(.init(.rsp, index: .rax, 8192)), .bytes64),
  Encoding(
    "vmulps ymm5, ymm20, ymmword ptr [r13]", "62d15c20596d00",
    .multiply, isDouble: false, 5, 20, .memory(.init(.r13)), .bytes32),
  Encoding(
    "vsubpd xmm5, xmm20, xmmword ptr [r12 - 2048]", "62d1dd005c6c2480",
    .subtract, isDouble: true, 5, 20, .memory(.init(.r12, -2048)), .bytes16),
  Encoding(
    "vsqrtps zmm30, zmm2", "62617c4851f2",
    .squareRoot, isDouble: false, 30, 0, .register(2), .bytes64),
  Encoding(
    "vsqrtpd zmm3, qword ptr [rdi - 8]{1to8}", "62f1fd58515fff",
    .squareRoot, isDouble: true, 3, 0, .element(.init(.rdi, -8)), .bytes64),
  Encoding(
    "vpslld zmm17, zmm4, 23", "62f1754072f417",
    .shiftLeft, isDouble: false, 6, 17, .register(4), .bytes64, immediate: 23),
  Encoding(
    "vpsrlq zmm9, zmm28, 52", "6291b54873d434",
    .shiftRight, isDouble: true, 2, 9, .register(28), .bytes64, immediate: 52),
  Encoding(
    "vcmpltps k3, zmm8, zmm31", "62913c48c2df01",
    .compare, isDouble: false, 3, 8, .register(31), .bytes64, immediate: 1),
  Encoding(
    "vcmpgt_oqpd k2, zmm8, qword ptr [rbx]{1to8}", "62f1bd58c2131e",
    .compare, isDouble: true, 2, 8, .element(.init(.rbx)), .bytes64, immediate: 30),
  Encoding(
    "vptestmq k4, zmm8, zmm21", "62b2bd4827e5",
    .testBits, isDouble: true, 4, 8, .register(21), .bytes64),
  Encoding(
    "vblendmps zmm1 {k2}, zmm2, zmm19", "62b26d4a65cb",
    .select, isDouble: false, 1, 2, .register(19), .bytes64, mask: .init(register: 2)),
  Encoding(
    "vpermps zmm1 {k7} {z}, zmm2, zmm19", "62b26dcf16cb",
    .permute, isDouble: false, 1, 2, .register(19), .bytes64, mask: .init(register: 7, clears: true)
  ),
  Encoding(
    "vpermpd zmm1, zmm22, zmm3", "62f2cd4016cb",
    .permute, isDouble: true, 1, 22, .register(3), .bytes64),
  Encoding(
    "valignd zmm1, zmm22, zmm3, 15", "62f34d4003cb0f",
    .join, isDouble: false, 1, 22, .register(3), .bytes64, immediate: 15),
  Encoding(
    "valignq zmm16, zmm2, zmm30, 7", "6283ed4803c607",
    .join, isDouble: true, 16, 2, .register(30), .bytes64, immediate: 7),
]

private let products = [
  Encoding(
    "vfmadd132ps zmm4, zmm12, zmm29", "62921d4898e5",
    .multiplyAdd, isDouble: false, form: 0, 4, 12, .register(29), .bytes64),
  Encoding(
    "vfmadd132pd zmm4, zmm12, zmm29", "62929d4898e5",
    .multiplyAdd, isDouble: true, form: 0, 4, 12, .register(29), .bytes64),
  Encoding(
    "vfmadd213ps zmm5, zmm21, zmm28", "62925540a8ec",
    .multiplyAdd, isDouble: false, form: 1, 5, 21, .register(28), .bytes64),
  Encoding(
    "vfmadd213pd zmm5, zmm21, zmm28", "6292d540a8ec",
    .multiplyAdd, isDouble: true, form: 1, 5, 21, .register(28), .bytes64),
  Encoding(
    "vfmadd231ps zmm6, zmm30, zmm27", "62920d40b8f3",
    .multiplyAdd, isDouble: false, form: 2, 6, 30, .register(27), .bytes64),
  Encoding(
    "vfmadd231pd zmm6, zmm30, zmm27", "62928d40b8f3",
    .multiplyAdd, isDouble: true, form: 2, 6, 30, .register(27), .bytes64),
  Encoding(
    "vfmsub132ps zmm4, zmm12, zmm29", "62921d489ae5",
    .multiplySubtract, isDouble: false, form: 0, 4, 12, .register(29), .bytes64),
  Encoding(
    "vfmsub132pd zmm4, zmm12, zmm29", "62929d489ae5",
    .multiplySubtract, isDouble: true, form: 0, 4, 12, .register(29), .bytes64),
  Encoding(
    "vfmsub213ps zmm5, zmm21, zmm28", "62925540aaec",
    .multiplySubtract, isDouble: false, form: 1, 5, 21, .register(28), .bytes64),
  Encoding(
    "vfmsub213pd zmm5, zmm21, zmm28", "6292d540aaec",
    .multiplySubtract, isDouble: true, form: 1, 5, 21, .register(28), .bytes64),
  Encoding(
    "vfmsub231ps zmm6, zmm30, zmm27", "62920d40baf3",
    .multiplySubtract, isDouble: false, form: 2, 6, 30, .register(27), .bytes64),
  Encoding(
    "vfmsub231pd zmm6, zmm30, zmm27", "62928d40baf3",
    .multiplySubtract, isDouble: true, form: 2, 6, 30, .register(27), .bytes64),
  Encoding(
    "vfnmadd132ps zmm4, zmm12, zmm29", "62921d489ce5",
    .subtractProduct, isDouble: false, form: 0, 4, 12, .register(29), .bytes64),
  Encoding(
    "vfnmadd132pd zmm4, zmm12, zmm29", "62929d489ce5",
    .subtractProduct, isDouble: true, form: 0, 4, 12, .register(29), .bytes64),
  Encoding(
    "vfnmadd213ps zmm5, zmm21, zmm28", "62925540acec",
    .subtractProduct, isDouble: false, form: 1, 5, 21, .register(28), .bytes64),
  Encoding(
    "vfnmadd213pd zmm5, zmm21, zmm28", "6292d540acec",
    .subtractProduct, isDouble: true, form: 1, 5, 21, .register(28), .bytes64),
  Encoding(
    "vfnmadd231ps zmm6, zmm30, zmm27", "62920d40bcf3",
    .subtractProduct, isDouble: false, form: 2, 6, 30, .register(27), .bytes64),
  Encoding(
    "vfnmadd231pd zmm6, zmm30, zmm27", "62928d40bcf3",
    .subtractProduct, isDouble: true, form: 2, 6, 30, .register(27), .bytes64),
]

@Suite struct VectorEncodingTests {
  @Test(arguments: arithmetic + products)
  private func `arithmetic is encoded as by another assembler`(_ encoding: Encoding) {
    #expect(encoding.found == encoding.expected)
  }
}
