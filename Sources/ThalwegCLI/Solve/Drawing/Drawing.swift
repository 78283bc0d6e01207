import Foundation

/// Lines, dots and words on a white ground, to be written as a vector picture.
///
///     var drawing = Drawing(width: 400, height: 300)
///     drawing.line([(10, 10), (390, 290)], .series(0))
///     let file = drawing.svg
struct Drawing {
  /// A point, counted from the corner at the top left.
  typealias Point = (x: Double, y: Double)

  /// A color without transparency.
  struct Color: Hashable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    init(_ rgb: Int) {
      (red, green, blue) = (UInt8(rgb >> 16 & 255), UInt8(rgb >> 8 & 255), UInt8(rgb & 255))
    }

    static let white = Color(0xFF_FFFF)
    static let ink = Color(0x24_292F)
    static let faint = Color(0xD0_D7DE)

    private static let palette = [
      0xCF_222E, 0x05_50AE, 0x1A_7F37, 0x82_50DF, 0xBC_4C00, 0x1B_7C83, 0xBF_3989, 0x9A_6700,
      0x57_606A, 0x0A_3069,
    ].map(Color.init)

    /// The color of one of several things that are to be told apart.
    static func series(_ index: Int) -> Color { palette[index % palette.count] }
  }

  /// Which part of a word lies at its point.
  enum Anchor: String {
    case start, middle, end
  }

  /// A piece of the drawing.
  enum Piece {
    case line([Point], Color, width: Double)
    case dot(Point, Color, radius: Double)
    case text(String, Point, Color, Anchor, isBold: Bool)
  }

  let width: Int
  let height: Int
  private(set) var pieces: [Piece] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Joins points by a line.
  mutating func line(_ points: [Point], _ color: Color, width: Double = 1.6) {
    pieces.append(.line(points, color, width: width))
  }

  /// Draws the edges of a rectangle.
  mutating func frame(from corner: Point, to opposite: Point, _ color: Color) {
    line(
      [corner, (opposite.x, corner.y), opposite, (corner.x, opposite.y), corner], color, width: 1)
  }

  mutating func dot(_ center: Point, _ color: Color, radius: Double = 3) {
    pieces.append(.dot(center, color, radius: radius))
  }

  /// Writes a word; its point lies on the line it stands on.
  mutating func text(
    _ text: String, at point: Point, _ color: Color = .ink, anchor: Anchor = .start,
    isBold: Bool = false
  ) {
    pieces.append(.text(text, point, color, anchor, isBold: isBold))
  }
}
