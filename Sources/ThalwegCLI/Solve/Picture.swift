import Foundation

/// A curve drawn in characters.
struct Picture {
  private static let width = 64
  private static let height = 20

  /// The curve through points, with the ranges of both axes.
  ///
  /// Neighbouring points are joined by a line. Points that are not finite are left out.
  static func curve(_ x: [Double], _ y: [Double], labels: (x: String, y: String)) -> String {
    let points = zip(x, y).filter { $0.0.isFinite && $0.1.isFinite }
    guard let left = points.map(\.0).min(), let right = points.map(\.0).max(),
      let bottom = points.map(\.1).min(), let top = points.map(\.1).max()
    else { return "" }
    var cells = [[Character]](
      repeating: [Character](repeating: " ", count: width), count: height)
    func place(_ point: (Double, Double)) -> (column: Double, row: Double) {
      let across = right > left ? (point.0 - left) / (right - left) : 0.5
      let up = top > bottom ? (point.1 - bottom) / (top - bottom) : 0.5
      return (across * Double(width - 1), (1 - up) * Double(height - 1))
    }
    for (a, b) in zip(points, points.dropFirst()) {
      let (from, to) = (place(a), place(b))
      let length = Swift.max(abs(to.column - from.column), abs(to.row - from.row))
      let parts = Swift.max(1, Int(length.rounded(.up)))
      for part in 0...parts {
        let t = Double(part) / Double(parts)
        let column = (from.column + t * (to.column - from.column)).rounded()
        let row = (from.row + t * (to.row - from.row)).rounded()
        cells[Int(row)][Int(column)] = "*"
      }
    }
    if let first = points.first {
      let start = place(first)
      cells[Int(start.row.rounded())][Int(start.column.rounded())] = "o"
    }
    let border = "+" + String(repeating: "-", count: width) + "+"
    let rows = cells.map { "|\(String($0))|" }
    let caption =
      "\(labels.x) from \(short(left)) to \(short(right)), "
      + "\(labels.y) from \(short(bottom)) to \(short(top)), o is the start"
    return ([border] + rows + [border, caption]).joined(separator: "\n")
  }

  private static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}
