import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Numbers at which functions are easily wrong: ends of ranges, and what is no ordinary number.
private let special: [Double] = {
  let ends: [Double] = [
    0, 1, 0.5, 2, 20, 40, 87.3, 87.4, 88.7, 88.73, 89, 103.2, 103.3, 103.9, 104, 104.5, 708.3,
    708.4, 709.7, 709.79, 710, 744.4, 744.5, 745.1, 745.2, 746, 99_999, 100_000, 100_001, 1e30,
    .pi, .pi / 2, 1.000_000_1, 0.999_999_9, 2.220_446e-16, 0.707_106_8, 0.414_213_6, 1e-30, 1e-40,
    .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity, .nan,
    Double(Float.leastNonzeroMagnitude), Double(Float.leastNormalMagnitude),
    Double(Float.greatestFiniteMagnitude),
  ]
  return ends.flatMap { x in [x, x.nextUp, x.nextDown] }.flatMap { [$0, -$0] }
}()

/// Doubles with every sign and exponent, and more of those where functions are not trivial.
private let doubles: [Double] = {
  var random = SplitMix64(seed: 1)
  let spread = (UInt64(0)..<4096).flatMap { head in
    (0..<20).map { _ in Double(bitPattern: head << 52 | random.next() >> 12) }
  }
  let sizes = (0..<100_000).map { _ in pow(10, Double.random(in: -8...4, using: &random)) }
  let uniform = (0..<50_000).map { _ in Double.random(in: 0...750, using: &random) }
  // The zeros of sine and cosine, where the reduction of the argument loses most.
  let zeros = (1...63_661).map { Double($0) * (.pi / 2) }
  return special + spread + (sizes + uniform + zeros).flatMap { [$0, -$0] }
}()

private let hasWiderType = MemoryLayout<Wide>.size > MemoryLayout<Double>.size

@Suite struct ElementwiseAccuracyTests {
  @Test(arguments: AccuracyCase.all)
  func `single precision is as exact as documented`(_ function: AccuracyCase) throws {
    var largest = LargestError()
    func measure(_ x: [Float], _ y: [Float]) {
      #expect(x.count == y.count)
      for (x, y) in zip(x, y) { largest.take(y, function.double(Double(x)), at: "\(x)") }
    }
    measure(special.map { Float($0) }, function.apply(Tensor(special.map { Float($0) })).floats)
    // All signs and exponents; a step that is prime meets all parts of the mantissa.
    let bits = Array(stride(from: UInt32(0), to: .max - 4001, by: 4001))
    for (index, start) in stride(from: 0, to: bits.count, by: 100_000).enumerated() {
      let x = bits[start..<Swift.min(start + 100_000, bits.count)].map(Float.init(bitPattern:))
      let tensor = Tensor(x)
      let y = index % 2 == 0 ? function.apply(tensor) : try function.compiled(tensor)
      measure(x, y.floats)
    }
    #expect(largest.units <= function.bounds.single, "\(largest.place)")
  }

  @Test(
    .enabled(if: hasWiderType, "the processor has no type wider than Double"),
    arguments: AccuracyCase.all)
  func `double precision is as exact as documented`(_ function: AccuracyCase) throws {
    var largest = LargestError()
    for y in [function.apply(Tensor(doubles)), try function.compiled(Tensor(doubles))] {
      for (x, y) in zip(doubles, y.values) {
        largest.take(y, function.wide(Wide(x)), at: "\(x)")
      }
    }
    #expect(largest.units <= function.bounds.double, "\(largest.place)")
  }

  /// Bases with exponents for which the powers are of all sizes up to 2 to the ± `size`.
  private func powers(_ size: Double) -> (bases: [Double], exponents: [Double]) {
    var random = SplitMix64(seed: 2)
    var (bases, exponents): ([Double], [Double]) = ([], [])
    for x in [0, 1, 0.5, 2, 3, 1e-40, 1e30, .infinity, .nan] as [Double] {
      for y in [0, 1, 0.5, 2, 3, 1e30, .infinity, .nan] as [Double] {
        bases += [x, -x, x, -x]
        exponents += [y, y, -y, -y]
      }
    }
    for _ in 0..<200_000 {
      let base = pow(2, Double.random(in: -140...120, using: &random))
      bases.append(base)
      exponents.append(Double.random(in: -size...size, using: &random) / log2(base))
    }
    return (bases, exponents)
  }

  @Test func `powers are as exact as documented`() {
    let (bases, exponents) = powers(155)
    let (x, y) = (bases.map { Float($0) }, exponents.map { Float($0) })
    var largest = LargestError()
    for (index, power) in pow(Tensor(x), Tensor(y)).floats.enumerated() {
      largest.take(
        power, pow(Double(x[index]), Double(y[index])), at: "\(x[index]), \(y[index])")
    }
    #expect(largest.units <= 1, "\(largest.place)")
  }

  #if arch(x86_64)
    @Test func `powers in double precision are as exact as documented`() {
      let (bases, exponents) = powers(1080)
      var largest = LargestError()
      for (index, power) in pow(Tensor(bases), Tensor(exponents)).values.enumerated() {
        largest.take(
          power, pow(Wide(bases[index]), Wide(exponents[index])),
          at: "\(bases[index]), \(exponents[index])")
      }
      #expect(largest.units <= 1, "\(largest.place)")
    }
  #endif

  @Test func `the documentation states the bounds`() throws {
    func number(_ x: Double) -> String { x == x.rounded() ? "\(Int(x))" : "\(x)" }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let bounds = AccuracyCase.all.map { ($0.testDescription, $0.bounds) } + [("Power", (1, 1))]
    for (name, bound) in bounds {
      let source = try String(
        contentsOf: root.appending(path: "Sources/ThalwegTensors/Operations/\(name).swift"),
        encoding: .utf8)
      #expect(
        source.contains(
          "/// - Accuracy: at most \(number(bound.single)) ulp in `Float`,"
            + " \(number(bound.double)) in `Double`"), "\(name)")
    }
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }

  @Test func `NaN is not lost`() {
    let x: Tensor = [Tensor(Double.nan)]
    let results = [
      abs(x), -x, sign(x), square(x), relu(x), max(x, 1), max(1, x), min(x, 1), min(1, x),
      x + 1, 0 * x, pow(x, 2), max(concatenate([1, x, 2].map { $0.reshaped(to: [1]) })), sum(x),
    ]
    #expect(results.allSatisfy { $0.values[0].isNaN })
    #expect([step(x), x .< 1, x .> 1, x .== x, x .<= x].allSatisfy { $0.values[0] == 0 })
  }

  @Test(arguments: AccuracyCase.all)
  func `results do not depend on where an element stands`(_ function: AccuracyCase) {
    let arguments = Array(doubles.prefix(3_000) + doubles.suffix(3_000))
    let x = Tensor(arguments)
    let whole = function.apply(x).values
    for start in [1, 3, 17] {
      let part = function.apply(x.slice(start..<arguments.count)).values
      #expect(zip(part, whole.dropFirst(start)).allSatisfy(isSame))
    }
    let single = arguments.prefix(60).map { function.apply(Tensor([$0])).values[0] }
    #expect(zip(single, whole).allSatisfy(isSame))
  }
}
