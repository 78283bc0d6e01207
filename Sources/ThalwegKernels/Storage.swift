/// The numbers of a tensor: an aligned block of memory that is written once, while it is created.
///
/// It is never written again, which is what makes sharing it between threads safe.
public final class Storage: @unchecked Sendable {
  /// The type of the elements.
  public let dtype: DType
  /// The number of elements.
  public let count: Int
  let base: UnsafeMutableRawPointer

  /// A cache line, and the width of the widest vector register.
  static let alignment = 64

  init(uninitialized count: Int, dtype: DType) {
    self.dtype = dtype
    self.count = count
    base = .allocate(byteCount: Swift.max(count, 1) * dtype.size, alignment: Self.alignment)
  }

  deinit { base.deallocate() }

  /// Creates a block of single-precision numbers.
  public convenience init(_ values: [Float]) {
    self.init(uninitialized: values.count, dtype: .float32)
    values.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(start: base, count: bytes.count).copyMemory(from: bytes)
    }
  }

  /// Creates a block of double-precision numbers.
  public convenience init(_ values: [Double]) {
    self.init(uninitialized: values.count, dtype: .float64)
    values.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(start: base, count: bytes.count).copyMemory(from: bytes)
    }
  }

  /// Creates a block of the given type, each number rounded to it.
  public convenience init(_ values: [Double], dtype: DType) {
    switch dtype {
    case .float32: self.init(values.map(Float.init))
    case .float64: self.init(values)
    }
  }

  /// Creates a block in which every element is the same.
  public convenience init(repeating value: Double, count: Int, dtype: DType) {
    self.init(uninitialized: count, dtype: dtype)
    switch dtype {
    case .float32: floats.initialize(repeating: Float(value))
    case .float64: doubles.initialize(repeating: value)
    }
  }

  /// The elements as doubles, whatever their type.
  public var values: [Double] {
    switch dtype {
    case .float32: floats.map(Double.init)
    case .float64: Array(doubles)
    }
  }

  /// The elements as floats, rounded where they are doubles.
  public var floatValues: [Float] {
    switch dtype {
    case .float32: Array(floats)
    case .float64: doubles.map(Float.init)
    }
  }

  /// One element as a double.
  public subscript(index: Int) -> Double {
    dtype == .float32 ? Double(floats[index]) : doubles[index]
  }

  /// The bytes of the elements in the order of this machine.
  public var bytes: [UInt8] {
    Array(UnsafeRawBufferPointer(start: base, count: count * dtype.size))
  }

  /// Creates a block from the bytes of its elements; there must be a whole number of them.
  public convenience init(bytes: some Collection<UInt8>, dtype: DType) {
    require(bytes.count % dtype.size == 0, "storage: \(bytes.count) bytes of \(dtype)")
    self.init(uninitialized: bytes.count / dtype.size, dtype: dtype)
    let buffer = UnsafeMutableRawBufferPointer(start: base, count: bytes.count)
    buffer.copyBytes(from: bytes)
  }

  private var floats: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Float.self), count: count)
  }

  private var doubles: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Double.self), count: count)
  }
}
