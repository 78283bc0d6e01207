import Foundation

/// How an image is mirrored, turned, stretched and moved.
public struct Distortion: Hashable, Sendable {
  /// The rows it is moved down.
  public var rows: Double
  /// The columns it is moved right.
  public var columns: Double
  /// The angle it is turned by about its middle, in radians, from right to down.
  public var angle: Double
  /// What its height is multiplied by.
  public var heightScale: Double
  /// What its width is multiplied by.
  public var widthScale: Double
  /// Whether left and right are exchanged first.
  public var isMirrored: Bool

  /// Creates a distortion; by default one that changes nothing.
  public init(
    rows: Double = 0, columns: Double = 0, angle: Double = 0, heightScale: Double = 1,
    widthScale: Double = 1, isMirrored: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    self.angle = angle
    self.heightScale = heightScale
    self.widthScale = widthScale
    self.isMirrored = isMirrored
  }

  /// Where in the original a pixel of the distorted image comes from.
  func inverse(
    height: Int, width: Int
  ) -> (_ row: Double, _ column: Double) -> (row: Double, column: Double) {
    let middle = (row: Double(height - 1) / 2, column: Double(width - 1) / 2)
    let (cosine, sine) = (cos(angle), sin(angle))
    return { row, column in
      let (y, x) = (row - middle.row - rows, column - middle.column - columns)
      // The turn back is the transpose.
      let across = (sine * y + cosine * x) / widthScale
      return (
        middle.row + (cosine * y - sine * x) / heightScale,
        middle.column + (isMirrored ? -across : across)
      )
    }
  }
}
