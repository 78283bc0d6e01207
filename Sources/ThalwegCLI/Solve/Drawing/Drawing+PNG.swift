import Foundation

extension Drawing {
  /// So many pixels are a unit of the drawing.
  private static let scale = 2.0

  /// The drawing in Portable Network Graphics.
  var png: Data {
    let scale = Int(Self.scale)
    var raster = Raster(width: scale * width, height: scale * height)
    for piece in pieces { Self.draw(piece, in: &raster) }
    return PNGFile.data(width: raster.width, height: raster.height, rgb: raster.bytes)
  }

  private static func draw(_ piece: Piece, in raster: inout Raster) {
    func pixels(_ point: Point) -> Point { (scale * point.x, scale * point.y) }
    switch piece {
    case .line(let points, let color, let width):
      for (a, b) in zip(points, points.dropFirst()) {
        raster.line(from: pixels(a), to: pixels(b), color, width: scale * width)
      }
    case .dot(let center, let color, let radius):
      raster.dot(pixels(center), color, radius: scale * radius)
    case .text(let text, let point, let color, let anchor, let isBold):
      draw(text, at: pixels(point), color, anchor, isBold: isBold, in: &raster)
    }
  }

  /// Letters whose dots are as many pixels wide as a unit of the drawing.
  private static func draw(
    _ text: String, at point: Point, _ color: Color, _ anchor: Anchor, isBold: Bool,
    in raster: inout Raster
  ) {
    let size = Int(scale)
    let length = size * PixelFont.advance * text.count
    let shift = anchor == .start ? 0 : anchor == .middle ? length / 2 : length
    let (left, top) = (Int(point.x) - shift, Int(point.y) - size * PixelFont.base)
    for (index, letter) in text.enumerated() {
      for row in 0..<PixelFont.rows {
        for column in 0..<PixelFont.columns
        where PixelFont.isSet(letter, row: row, column: column) {
          let x = left + size * (PixelFont.advance * index + column)
          // Bold letters are drawn again half a dot to the right.
          for offset in isBold ? [0, size / 2] : [0] {
            raster.fill(x: x + offset, y: top + size * row, size: size, color)
          }
        }
      }
    }
  }
}
