import Foundation
public import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors

/// Points of the plane in classes that no line separates.
///
///     let data = ToyProblem.swissRoll.data(seed: 0)
///     data.training.points      // [257 · 2, 2]
///
/// - Source: E. Haber, L. Ruthotto, "Stable architectures for deep neural networks", Inverse Problems
///   34 (2018) 014004, doi:10.1088/1361-6420/aa9a90, section 6, as in the package
///   https://github.com/XtractOpen/Meganet.m; the levels of peaks are equally high here.
public enum ToyProblem: String, Hashable, Sendable, CaseIterable {
  /// Two spirals of two turns, the outer one by 0.2 further out.
  case swissRoll = "swiss-roll"
  /// An ellipse, and a ring of the same shape around it.
  case ellipses
  /// Five levels of MATLAB's function of that name.
  case peaks

  /// The number of classes.
  public var classes: Int { self == .peaks ? 5 : 2 }

  /// The part of the plane that the points lie in.
  public var window: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    switch self {
    case .swissRoll: (-1.2...1.2, -1.2...1.2)
    case .ellipses: (-2...2, -0.8...0.8)
    case .peaks: (-3...3, -3...3)
    }
  }

  /// Points to train with, and others to test with.
  ///
  /// Those of ``swissRoll`` do not depend on the seed.
  public func data(
    seed: UInt64 = 0, dtype: DType = .float32
  ) -> (training: LabelledPoints, test: LabelledPoints) {
    var random = RandomSequence(seed: seed, purpose: 4)
    var (training, test) = (Collected(), Collected())
    switch self {
    case .swissRoll: Self.fillSwissRoll(&training, &test)
    case .ellipses:
      Self.fillEllipses(&training, 1_000, &random)
      Self.fillEllipses(&test, 200, &random)
    case .peaks:
      Self.fillPeaks(&training, &test, &random)
    }
    return (training.points(classes, dtype), test.points(classes, dtype))
  }

  /// Points as they are collected.
  private struct Collected {
    var coordinates: [Double] = []
    var classes: [Int] = []

    mutating func append(_ x: Double, _ y: Double, _ label: Int) {
      coordinates += [x, y]
      classes.append(label)
    }

    func points(_ count: Int, _ dtype: DType) -> LabelledPoints {
      LabelledPoints(
        points: Tensor(coordinates, shape: [classes.count, 2], dtype: dtype), classes: classes,
        classCount: count)
    }
  }

  private static func fillSwissRoll(_ training: inout Collected, _ test: inout Collected) {
    for index in 0...512 {
      let share = Double(index) / 512
      for label in 0..<2 {
        let (radius, angle) = (share + 0.2 * Double(label), 4 * .pi * share)
        let (x, y) = (radius * cos(angle), radius * sin(angle))
        if index % 2 == 0 { training.append(x, y, label) } else { test.append(x, y, label) }
      }
    }
  }

  private static func fillEllipses(
    _ points: inout Collected, _ count: Int, _ random: inout RandomSequence
  ) {
    for label in 0..<2 {
      for _ in 0..<count {
        let radius = Double(label) + Double.random(in: 0..<1, using: &random)
        let angle = Double.random(in: 0..<2 * .pi, using: &random)
        points.append(radius * cos(angle), 0.4 * radius * sin(angle), label)
      }
    }
  }

  /// 1,000 points of each level to train with and 200 to test with, from a grid of 256 × 256.
  private static func fillPeaks(
    _ training: inout Collected, _ test: inout Collected, _ random: inout RandomSequence
  ) {
    let side = 256
    let places = (0..<side * side).map { index in
      (x: -3 + 6 * Double(index % side) / 255, y: -3 + 6 * Double(index / side) / 255)
    }
    let heights = places.map { peaks($0.x, $0.y) }
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
    var levels = [[Int]](repeating: [], count: 5)
    for (index, height) in heights.enumerated() {
      levels[Swift.min(Int(5 * (height - low) / (high - low)), 4)].append(index)
    }
    for (label, level) in levels.enumerated() {
      let chosen = level.shuffled(using: &random).prefix(1_200)
      for (order, index) in chosen.enumerated() {
        let (x, y) = places[index]
        if order % 6 == 0 { test.append(x, y, label) } else { training.append(x, y, label) }
      }
    }
  }

  /// The function of MATLAB.
  private static func peaks(_ x: Double, _ y: Double) -> Double {
    3 * (1 - x) * (1 - x) * exp(-x * x - (y + 1) * (y + 1))
      - 10 * (x / 5 - x * x * x - pow(y, 5)) * exp(-x * x - y * y)
      - exp(-(x + 1) * (x + 1) - y * y) / 3
  }
}
