import CThalwegKernels

extension DType {
  /// The channels of a block of the blocked layout: as many as fill a cache line.
  package var channelsPerBlock: Int { Int(TW_BLOCK_BYTES) / size }

  /// The elements of an image in the blocked layout.
  func blockedCount(channels: Int, pixels: Int) -> Int {
    (channels + channelsPerBlock - 1) / channelsPerBlock * channelsPerBlock * pixels
  }
}

extension ProgramBuilder {
  /// Appends the conversion of images of [batch, channels, pixels] into blocks of channels.
  ///
  /// The blocked layout is [batch, blocks, pixels, lanes]: the same pixel of all channels of a
  /// block lies together. Channels missing in the last block are 0.
  package mutating func block(
    _ plain: Operand, into blocked: Operand, batch: Int, channels: Int, pixels: Int, _ dtype: DType
  ) {
    let form = BlockingForm(batch: batch, channels: channels, pixels: pixels, dtype: dtype)
    append(
      dtype == .float32 ? tw_block_f32 : tw_block_f64, form.stored(plain, blocked, arguments),
      [
        .reads(plain, rows: channels * pixels, dtype),
        .writes(blocked, rows: form.blockedRow, dtype),
      ], cut: form.cut, label: "block \(batch) × [\(channels), \(pixels)]")
  }

  /// Appends the conversion of images of [batch, channels, pixels] from blocks of channels.
  package mutating func unblock(
    _ blocked: Operand, into plain: Operand, batch: Int, channels: Int, pixels: Int, _ dtype: DType
  ) {
    let form = BlockingForm(batch: batch, channels: channels, pixels: pixels, dtype: dtype)
    append(
      dtype == .float32 ? tw_unblock_f32 : tw_unblock_f64, form.stored(plain, blocked, arguments),
      [
        .reads(blocked, rows: form.blockedRow, dtype),
        .writes(plain, rows: channels * pixels, dtype),
      ], cut: form.cut, label: "unblock \(batch) × [\(channels), \(pixels)]")
  }
}

private struct BlockingForm {
  var batch: Int
  var channels: Int
  var pixels: Int
  var dtype: DType

  var blockedRow: Int { dtype.blockedCount(channels: channels, pixels: pixels) }

  /// Some 60 GB/s, read and written.
  var cut: Cut { Cut(extent: batch, cost: Double(2 * batch * blockedRow * dtype.size) / 60) }

  func stored(
    _ plain: Operand, _ blocked: Operand, _ arguments: ArgumentStore
  ) -> UnsafePointer<tw_blocking> {
    arguments.store(
      tw_blocking(
        plain: plain.encoded, blocked: blocked.encoded, level: 0, batch: Int64(batch),
        channels: Int64(channels), pixels: Int64(pixels)))
  }
}
