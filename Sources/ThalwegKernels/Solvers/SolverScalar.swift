import CThalwegKernels

/// The elements of the vectors that solvers work on, in either precision; sums are doubles.
protocol SolverScalar: BinaryFloatingPoint, BitwiseCopyable {
  /// The inner product.
  static func dot(_ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ count: Int) -> Double

  /// Adds the inner products of a vector with those of a basis, `stride` elements apart.
  static func dots(
    _ sums: UnsafeMutablePointer<Double>, _ basis: UnsafePointer<Self>, _ stride: Int,
    _ vectors: Int, _ w: UnsafePointer<Self>, _ count: Int)

  /// Adds `sign` times a combination of a basis to a vector.
  static func combine(
    _ w: UnsafeMutablePointer<Self>, _ sign: Double, _ factors: UnsafePointer<Double>,
    _ basis: UnsafePointer<Self>, _ stride: Int, _ vectors: Int, _ count: Int)

  /// a x + b y, which may be written over either.
  static func blend(
    _ result: UnsafeMutablePointer<Self>, _ a: Double, _ x: UnsafePointer<Self>, _ b: Double,
    _ y: UnsafePointer<Self>, _ count: Int)

  /// The sum of the squares of x in units of `absolute + relative |scale|`.
  static func weighedSquare(
    _ x: UnsafePointer<Self>, _ scale: UnsafePointer<Self>, _ absolute: Double,
    _ relative: Double, _ count: Int
  ) -> Double
}

extension Float: SolverScalar {
  @inline(__always)
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    tw_dot_f32(a, b, Int64(count))
  }

  @inline(__always)
  static func dots(
    _ sums: UnsafeMutablePointer<Double>, _ basis: UnsafePointer<Float>, _ stride: Int,
    _ vectors: Int, _ w: UnsafePointer<Float>, _ count: Int
  ) {
    tw_dots_f32(sums, basis, Int64(stride), Int64(vectors), w, Int64(count))
  }

  @inline(__always)
  static func combine(
    _ w: UnsafeMutablePointer<Float>, _ sign: Double, _ factors: UnsafePointer<Double>,
    _ basis: UnsafePointer<Float>, _ stride: Int, _ vectors: Int, _ count: Int
  ) {
    tw_combine_f32(w, sign, factors, basis, Int64(stride), Int64(vectors), Int64(count))
  }

  @inline(__always)
  static func blend(
    _ result: UnsafeMutablePointer<Float>, _ a: Double, _ x: UnsafePointer<Float>, _ b: Double,
    _ y: UnsafePointer<Float>, _ count: Int
  ) {
    tw_blend_f32(result, a, x, b, y, Int64(count))
  }

  @inline(__always)
  static func weighedSquare(
    _ x: UnsafePointer<Float>, _ scale: UnsafePointer<Float>, _ absolute: Double,
    _ relative: Double, _ count: Int
  ) -> Double {
    tw_weighed_square_f32(x, scale, absolute, relative, Int64(count))
  }
}

extension Double: SolverScalar {
  @inline(__always)
  static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    tw_dot_f64(a, b, Int64(count))
  }

  @inline(__always)
  static func dots(
    _ sums: UnsafeMutablePointer<Double>, _ basis: UnsafePointer<Double>, _ stride: Int,
    _ vectors: Int, _ w: UnsafePointer<Double>, _ count: Int
  ) {
    tw_dots_f64(sums, basis, Int64(stride), Int64(vectors), w, Int64(count))
  }

  @inline(__always)
  static func combine(
    _ w: UnsafeMutablePointer<Double>, _ sign: Double, _ factors: UnsafePointer<Double>,
    _ basis: UnsafePointer<Double>, _ stride: Int, _ vectors: Int, _ count: Int
  ) {
    tw_combine_f64(w, sign, factors, basis, Int64(stride), Int64(vectors), Int64(count))
  }

  @inline(__always)
  static func blend(
    _ result: UnsafeMutablePointer<Double>, _ a: Double, _ x: UnsafePointer<Double>, _ b: Double,
    _ y: UnsafePointer<Double>, _ count: Int
  ) {
    tw_blend_f64(result, a, x, b, y, Int64(count))
  }

  @inline(__always)
  static func weighedSquare(
    _ x: UnsafePointer<Double>, _ scale: UnsafePointer<Double>, _ absolute: Double,
    _ relative: Double, _ count: Int
  ) -> Double {
    tw_weighed_square_f64(x, scale, absolute, relative, Int64(count))
  }
}
