import CThalwegKernels
import Testing
import ThalwegTestSupport

/// Products of matrices in each way to compute them: tiles, dot products, rows, turned.
@Suite struct MatrixProductTests {
  /// Around the lanes of all vectors and the rows of all tiles.
  private static let sizes = [
    1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 50, 63, 64, 65, 70,
  ]

  private static func sampled(_ count: Int, batch: Int = 1, seed: UInt64) -> [ProductForm] {
    var random = SplitMix64(seed: seed)
    return (0..<count).flatMap { _ in
      let size = (0..<3).map { _ in sizes.randomElement(using: &random) ?? 1 }
      return ProductForm(batch: batch, rows: size[0], columns: size[1], inner: size[2]).stored()
    }
  }

  /// A single row or column, or few of them, and many terms, or none.
  private static let extremes = [
    (1, 1, 1), (1, 16, 10), (1, 10, 16), (1, 50, 2), (1, 2, 50), (1, 200, 33), (1, 6, 64),
    (70, 1, 9), (9, 1, 70), (20, 2, 50), (64, 3, 64), (64, 10, 16), (128, 5, 200), (4, 64, 64),
    (50, 2, 20), (2, 50, 20), (16, 10, 1), (33, 20, 300), (7, 40, 600), (3, 2, 0), (0, 3, 2),
    (3, 0, 2),
  ].flatMap { ProductForm(rows: $0.0, columns: $0.1, inner: $0.2).stored() }

  private func expectDefinition<Scalar: BlockedScalar>(_ form: ProductForm, _: Scalar.Type) {
    let example = ProductCase<Scalar>(form)
    let expected = example.definition
    // In whatever order, a sum of k products is off by k roundings of its magnitude at most; so is
    // the sum of the definition.
    let allowed = Double(form.inner) * Double(Scalar.ulpOfOne)
    for level in tw_level.available {
      guard let result = example.result(level) else {
        Issue.record("\(form.testDescription) at \(level) writes beside its result")
        continue
      }
      let wrong = result.indices.first { index in
        let (value, magnitude) = expected[index]
        return !(abs(Double(result[index]) - value) <= allowed * magnitude)
      }
      #expect(wrong == nil, "element \(wrong ?? 0) of \(form.testDescription) at \(level)")
    }
  }

  @Test func `products are those of the definition, with any instructions`() {
    for form in Self.extremes + Self.sampled(120, seed: 1) + Self.sampled(20, batch: 3, seed: 2) {
      expectDefinition(form, Float.self)
      expectDefinition(form, Double.self)
    }
  }

  // MARK: - Cuts

  /// Parts of up to so many rows.
  private static func cut(_ extent: Int, _ most: Int, _ random: inout SplitMix64) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var begin = 0
    while begin < extent {
      let end = min(extent, begin + .random(in: 1...most, using: &random))
      parts.append(begin..<end)
      begin = end
    }
    return parts
  }

  private func expectSame<Scalar: BlockedScalar>(_ form: ProductForm, _: Scalar.Type) {
    var random = SplitMix64(seed: 5)
    let example = ProductCase<Scalar>(form)
    for level in tw_level.available {
      let whole = example.result(level)
      for most in [1, 3, 13, 40] {
        let parts = Self.cut(form.extent, most, &random)
        #expect(
          whole != nil && example.result(level, parts: parts) == whole,
          "\(form.testDescription) at \(level) cut into \(parts)")
      }
    }
  }

  @Test func `how the rows are cut changes no bit`() {
    let forms = Self.extremes + Self.sampled(60, seed: 3) + Self.sampled(10, batch: 7, seed: 4)
    for form in forms where form.extent > 1 {
      expectSame(form, Float.self)
      expectSame(form, Double.self)
    }
  }

  @Test func `a contraction adds to what is there`() {
    let sizes = [(16, 10, 64), (10, 16, 33), (50, 2, 20), (2, 50, 20), (1, 9, 40), (9, 1, 300)]
    for (rows, columns, inner) in sizes {
      let form = ProductForm(rows: rows, columns: columns, inner: inner, transposesA: true)
      let example = ProductCase<Double>(form)
      for level in tw_level.available {
        let sum = example.result(level, start: 3)?.map { Double($0) } ?? []
        expectClose(sum, example.definition.map { 3 + $0.value }, relative: 1e-13, "\(level)")
      }
    }
  }

  @Test func `elements are fused sums in the order of the terms`() {
    for form in ProductForm(rows: 200, columns: 64, inner: 300).stored() {
      let (single, double) = (ProductCase<Float>(form), ProductCase<Double>(form))
      let (singles, doubles) = (single.fusedSums, double.fusedSums)
      for level in tw_level.available where level != TW_LEVEL_PORTABLE {
        #expect(single.result(level) == singles, "\(form.testDescription) at \(level)")
        #expect(double.result(level) == doubles, "\(form.testDescription) at \(level)")
      }
    }
  }
}
