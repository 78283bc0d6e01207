import Foundation

/// A rectangle of a drawing with logarithmic axes: curves of work over precision.
struct LogarithmicPanel {
  /// A curve with its color.
  struct Curve {
    let points: [(x: Double, y: Double)]
    let color: Drawing.Color
  }

  let title: String
  /// What is along the horizontal axis; the title says what is along the other.
  let label: String
  let curves: [Curve]
  /// The corner at the top left, and the size, without the words around it.
  let corner: Drawing.Point
  let size: (width: Double, height: Double)

  /// Draws axes, curves and words.
  func draw(in drawing: inout Drawing) {
    let points = curves.flatMap(\.points)
    let axes = (x: Self.decades(points.map(\.x)), y: Self.decades(points.map(\.y)))
    /// Precision grows to the right: small errors are there.
    func place(_ point: (x: Double, y: Double)) -> Drawing.Point {
      let across = (Double(axes.x.upperBound) - log10(point.x)) / Double(axes.x.count - 1)
      let up = (log10(point.y) - Double(axes.y.lowerBound)) / Double(axes.y.count - 1)
      return (corner.x + size.width * across, corner.y + size.height * (1 - up))
    }
    drawAxes(axes.x, axes.y, place, in: &drawing)
    for curve in curves {
      let places = curve.points.map(place)
      drawing.line(places, curve.color)
      for place in places { drawing.dot(place, curve.color) }
    }
  }

  private func drawAxes(
    _ x: ClosedRange<Int>, _ y: ClosedRange<Int>,
    _ place: ((x: Double, y: Double)) -> Drawing.Point, in drawing: inout Drawing
  ) {
    let (right, bottom) = (corner.x + size.width, corner.y + size.height)
    for exponent in x {
      let line = place((pow(10, Double(exponent)), pow(10, Double(y.lowerBound)))).x
      drawing.line([(line, corner.y), (line, bottom)], .faint, width: 1)
      guard x.count <= 10 || exponent % 2 == 0 else { continue }
      drawing.text(Self.name(exponent), at: (line, bottom + 16), anchor: .middle)
    }
    for exponent in y {
      let line = place((pow(10, Double(x.lowerBound)), pow(10, Double(exponent)))).y
      drawing.line([(corner.x, line), (right, line)], .faint, width: 1)
      drawing.text(Self.name(exponent), at: (corner.x - 6, line + 4), anchor: .end)
    }
    drawing.frame(from: corner, to: (right, bottom), .ink)
    drawing.text(title, at: (corner.x, corner.y - 10), isBold: true)
    drawing.text(label, at: ((corner.x + right) / 2, bottom + 36), anchor: .middle)
  }

  /// The decades that hold all numbers, at least one.
  static func decades(_ values: [Double]) -> ClosedRange<Int> {
    let logarithms = values.filter { $0 > 0 && $0.isFinite }.map { log10($0) }
    guard let low = logarithms.min(), let high = logarithms.max() else { return 0...1 }
    let first = Int(low.rounded(.down))
    return first...Swift.max(first + 1, Int(high.rounded(.up)))
  }

  /// As `1e-6`.
  private static func name(_ exponent: Int) -> String {
    (0...3).contains(exponent) ? "\([1, 10, 100, 1000][exponent])" : "1e\(exponent)"
  }
}
