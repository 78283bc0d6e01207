import CThalwegKernels

extension ConvolutionForm {
  /// Whether the kernels for the blocked layout compute it.
  ///
  /// They want strides of 1, one group, results as large as the image, and kernels of 1, 3 or 5
  /// rows and columns.
  package var isBlockable: Bool {
    let sizes = [1, 3, 5]
    return stride == 1 && groups == 1 && sizes.contains(kernelHeight)
      && sizes.contains(kernelWidth) && top == kernelHeight / 2 && left == kernelWidth / 2
      && resultHeight == height && resultWidth == width && channels > 0 && filters > 0
  }
}

extension ProgramBuilder {
  /// Appends one of the three passes of a convolution in the blocked layout.
  ///
  /// Image and result are in the blocked layout, as by ``block(_:into:batch:channels:pixels:_:)``;
  /// what lies in channels beyond the last one must be finite, and is 0 where it is computed. The
  /// kernel is [filters, channels, height, width].
  package mutating func blockedConvolution(
    _ pass: ConvolutionPass, image: Operand, kernel: Operand, result: Operand,
    _ form: ConvolutionForm, _ dtype: DType
  ) {
    require(form.isBlockable, "blocked convolution: not a form for it: \(form)")
    var call = BlockedCall(pass: pass, form: form, dtype: dtype)
    call.isTransformed = form.arithmetic == .fast && call.gainsByWinograd
    let packed = Operand(temporary(count: call.packedCount, dtype: dtype))
    var weights = packed
    if call.isTransformed {
      weights = Operand(temporary(count: call.transformedCount, dtype: dtype))
    }
    if pass != .kernel {
      prepare(call, call.packing(from: kernel, to: packed))
      if call.isTransformed { prepare(call, call.transform(from: packed, to: weights)) }
    }
    convolve(image, weights, result, call)
    if pass == .kernel {
      if call.isTransformed { prepare(call, call.transform(from: weights, to: packed)) }
      prepare(call, call.packing(from: packed, to: kernel))
    }
  }

  /// Appends a call that changes the layout of a kernel.
  private mutating func prepare(_ call: BlockedCall, _ step: BlockedCall.KernelStep) {
    append(
      step.function, arguments.store(step.header),
      [.reads(step.source.slot), .writes(step.target.slot)],
      label: "\(step.name) \(call.label)")
  }

  private mutating func convolve(
    _ image: Operand, _ weights: Operand, _ result: Operand, _ call: BlockedCall
  ) {
    let (input, output) = call.pass == .image ? (result, image) : (image, result)
    var header = call.convolution
    header.image = input.encoded
    header.kernel = weights.encoded
    header.result = output.encoded
    var accesses = [Access.reads(input, rows: call.inputRow, call.dtype)]
    if call.pass == .kernel {
      accesses += [
        .reads(output, rows: call.outputRow, call.dtype),
        .contracts(weights, count: call.weightCount, call.dtype),
      ]
    } else {
      accesses += [
        .reads(weights.slot), .writes(output, rows: call.outputRow, call.dtype),
      ]
    }
    if call.isTransformed {
      let scratch = temporary(count: call.scratchCount, dtype: call.dtype)
      header.scratch = scratch.index
      accesses.append(.scratch(scratch))
    }
    append(
      call.function, arguments.store(header), accesses, cut: call.cut,
      label: "\(call.isTransformed ? "Winograd" : "blocked") convolution → \(call.label)")
  }
}
