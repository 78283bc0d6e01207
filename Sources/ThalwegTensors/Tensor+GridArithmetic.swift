extension Tensor {
  /// The nearest multiples of 2^-bits, halves to the even one, with the derivative of the identity.
  package func rounded(toBits bits: Int) -> Tensor {
    let size = Double(sign: .plus, exponent: bits, significand: 1)
    return straightThrough(round(self * size) * (1 / size), like: self)
  }

  /// 0 in place of -0, which cannot be told from 0 by its value.
  package var withoutNegativeZero: Tensor {
    straightThrough(select(self .== 0, 0, self), like: self)
  }

  /// The sum with an increment, as an array in memory.
  ///
  /// With a limit the sum is the tensor itself where its magnitude is larger.
  package func movedExactly(by increment: Tensor, within limit: Double? = nil) -> Tensor {
    let (x, term) = pair(with: increment)
    let kept = limit.map { Kept(limit: $0).applied(to: [x, term])[0] } ?? term
    return (x + kept).stored
  }

  /// The tensor that was moved by an increment.
  package func movedBackExactly(by increment: Tensor) -> Tensor {
    let (x, term) = pair(with: increment)
    return (x - term).stored
  }

  private func pair(with increment: Tensor) -> (Tensor, Tensor) {
    let operands = matched("exact sum", [self, increment])
    return (operands[0], operands[1])
  }

  private var stored: Tensor { isSymbolic ? Stored()(self) : self }
}
