public import Testing
public import ThalwegTensors

/// The largest difference between two lists of numbers, in units of the largest expected one.
///
/// It is infinite where only one of two numbers is NaN or infinite, or where the counts differ.
public func relativeError(_ actual: [Double], _ expected: [Double]) -> Double {
  let difference = largestDifference(actual, expected)
  guard difference > 0 else { return 0 }
  return difference / expected.filter(\.isFinite).map(\.magnitude).reduce(0, Swift.max)
}

/// The largest difference between two tensors, in units of the largest expected number.
public func relativeError(_ actual: Tensor, _ expected: Tensor) -> Double {
  actual.shape == expected.shape ? relativeError(actual.values, expected.values) : .infinity
}

/// Expects two numbers to agree.
///
/// They may differ by `absolute`, or by `relative` in units of the expected number.
public func expectClose(
  _ actual: Double, _ expected: Double, relative: Double = 1e-12, absolute: Double = 0,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    [actual], [expected], relative: relative, absolute: absolute, comment,
    sourceLocation: sourceLocation)
}

/// Expects two lists of numbers to agree.
///
/// They may differ by `absolute`, or by `relative` in units of the largest expected number: what
/// cancels in one element is measured by what was cancelled. Infinities and NaN must stand in the
/// same places.
public func expectClose(
  _ actual: [Double], _ expected: [Double], relative: Double = 1e-12, absolute: Double = 0,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  let scale = expected.filter(\.isFinite).map(\.magnitude).reduce(0, Swift.max)
  let allowed = absolute + relative * scale
  let difference = largestDifference(actual, expected)
  guard difference > allowed else { return }
  let text = "\(summary(actual)) differs from \(summary(expected)) by \(difference) > \(allowed)"
  Issue.record(
    comment.map { "\($0): \(text)" } ?? Comment(rawValue: text), sourceLocation: sourceLocation)
}

/// Expects two tensors to agree in shape, precision and numbers.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, relative: Double = 1e-12, absolute: Double = 0,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.type == expected.type, comment, sourceLocation: sourceLocation)
  expectClose(
    actual.values, expected.values, relative: relative, absolute: absolute, comment,
    sourceLocation: sourceLocation)
}

private func largestDifference(_ actual: [Double], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  return zip(actual, expected).map { a, b in
    if a == b || (a.isNaN && b.isNaN) { return 0 }
    return a.isFinite && b.isFinite ? (a - b).magnitude : .infinity
  }.reduce(0, Swift.max)
}

private func summary(_ values: [Double]) -> String {
  values.count <= 8 ? "\(values)" : "\(values.count) numbers \(values.prefix(8)) ..."
}
