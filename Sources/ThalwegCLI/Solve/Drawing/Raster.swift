/// A picture of pixels, drawn with smooth edges.
struct Raster {
  let width: Int
  let height: Int
  /// Red, green and blue of each pixel, row by row.
  private(set) var bytes: [UInt8]

  /// A white picture.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: 255, count: 3 * width * height)
  }

  /// Draws a line with round ends.
  mutating func line(
    from a: Drawing.Point, to b: Drawing.Point, _ color: Drawing.Color, width: Double
  ) {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    cover(from: a, to: b, radius: width / 2, color) { x, y in
      let part = length > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / length : 0
      let nearest = Swift.min(1, Swift.max(0, part))
      let (u, v) = (x - a.x - nearest * dx, y - a.y - nearest * dy)
      return (u * u + v * v).squareRoot()
    }
  }

  /// Fills a circle.
  mutating func dot(_ center: Drawing.Point, _ color: Drawing.Color, radius: Double) {
    line(from: center, to: center, color, width: 2 * radius)
  }

  /// Fills a rectangle of whole pixels.
  mutating func fill(x: Int, y: Int, size: Int, _ color: Drawing.Color) {
    for row in Swift.max(0, y)..<Swift.max(0, Swift.min(height, y + size)) {
      for column in Swift.max(0, x)..<Swift.max(0, Swift.min(width, x + size)) {
        blend(color, at: 3 * (row * width + column), share: 1)
      }
    }
  }

  /// Colors the pixels whose distance from something is less than a radius.
  ///
  /// What lies between two corners, and nothing else, is near enough to it.
  private mutating func cover(
    from a: Drawing.Point, to b: Drawing.Point, radius: Double, _ color: Drawing.Color,
    distance: (Double, Double) -> Double
  ) {
    func range(_ p: Double, _ q: Double, _ limit: Int) -> Range<Int> {
      let first = Swift.max(0, Swift.min(p, q) - radius - 1)
      let last = Swift.min(Double(limit), Swift.max(p, q) + radius + 1)
      return first < last ? Int(first)..<Int(last.rounded(.up)) : 0..<0
    }
    for row in range(a.y, b.y, height) {
      for column in range(a.x, b.x, width) {
        let share = radius + 0.5 - distance(Double(column) + 0.5, Double(row) + 0.5)
        if share > 0 { blend(color, at: 3 * (row * width + column), share: Swift.min(1, share)) }
      }
    }
  }

  private mutating func blend(_ color: Drawing.Color, at index: Int, share: Double) {
    for (offset, value) in [color.red, color.green, color.blue].enumerated() {
      let old = Double(bytes[index + offset])
      bytes[index + offset] = UInt8((old + share * (Double(value) - old)).rounded())
    }
  }
}
