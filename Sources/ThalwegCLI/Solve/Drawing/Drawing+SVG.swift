import Foundation

extension Drawing {
  /// The size of letters in a vector picture.
  private static let letters = 12

  /// The drawing in Scalable Vector Graphics.
  var svg: String {
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
      height="\(height)" font-family="system-ui, sans-serif" font-size="\(Self.letters)">
      <rect width="\(width)" height="\(height)" fill="\(Color.white.hex)"/>
      """
    return ([head] + pieces.map(Self.element) + ["</svg>", ""]).joined(separator: "\n")
  }

  private static func element(_ piece: Piece) -> String {
    switch piece {
    case .line(let points, let color, let width):
      let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
      return """
        <polyline points="\(places)" fill="none" stroke="\(color.hex)" \
        stroke-width="\(number(width))" stroke-linejoin="round"/>
        """
    case .dot(let center, let color, let radius):
      return """
        <circle cx="\(number(center.x))" cy="\(number(center.y))" r="\(number(radius))" \
        fill="\(color.hex)"/>
        """
    case .text(let text, let point, let color, let anchor, let isBold):
      return """
        <text x="\(number(point.x))" y="\(number(point.y))" text-anchor="\(anchor.rawValue)" \
        fill="\(color.hex)"\(isBold ? " font-weight=\"600\"" : "")>\(escaped(text))</text>
        """
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// A tenth of a unit is finer than the eye.
  private static func number(_ value: Double) -> String { decimals(value, 1) }
}

extension Drawing.Color {
  /// As `#d0d7de`.
  fileprivate var hex: String {
    "#" + [red, green, blue].map { String(format: "%02x", $0) }.joined()
  }
}
