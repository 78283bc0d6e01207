import Foundation

/// A drawing in Scalable Vector Graphics that grows piece by piece.
struct Picture {
  /// A rectangle of the drawing with axes of its own.
  struct Panel {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    /// The corner at the left and top.
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    /// Where a point lies in the drawing.
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (
        left + width * (point.x - x.lowerBound) / (x.upperBound - x.lowerBound),
        top + height * (y.upperBound - point.y) / (y.upperBound - y.lowerBound)
      )
    }
  }

  private let width: Int
  private let height: Int
  private var body: [String] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// The text of the file.
  var svg: String {
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      font-family="system-ui, sans-serif" font-size="13" fill="#24292f">
      <rect width="\(width)" height="\(height)" rx="8" fill="#ffffff"/>
      """
    return ([head] + body + ["</svg>", ""]).joined(separator: "\n")
  }

  /// The frame of a panel with its title and the names of its axes.
  mutating func frame(_ panel: Panel, title: String, x: String, y: String, isCode: Bool = false) {
    body.append(
      """
      <rect x="\(number(panel.left))" y="\(number(panel.top))" width="\(number(panel.width))" \
      height="\(number(panel.height))" fill="none" stroke="#d0d7de"/>
      """)
    let middle = panel.left + panel.width / 2
    text(title, at: (middle, panel.top - 12), anchor: "middle", isCode: isCode, isBold: true)
    text("\(x) →", at: (middle, panel.top + panel.height + 34), anchor: "middle", isSmall: true)
    text("↑ \(y)", at: (panel.left + 8, panel.top + 18), isSmall: true)
  }

  /// Marks on the axes of a panel, in its own coordinates.
  mutating func marks(_ panel: Panel, x: [(Double, String)], y: [(Double, String)]) {
    for (value, label) in x {
      let place = panel.place((value, panel.y.lowerBound))
      text(label, at: (place.x, place.y + 16), anchor: "middle", isSmall: true)
    }
    for (value, label) in y {
      let place = panel.place((panel.x.lowerBound, value))
      text(label, at: (place.x - 5, place.y + 4), anchor: "end", isSmall: true)
    }
  }

  /// A line through points, which ends where it leaves the panel.
  mutating func line(_ panel: Panel, _ points: [(x: Double, y: Double)], color: String) {
    let inside = points.prefix { panel.x.contains($0.x) && panel.y.contains($0.y) }
    let places = inside.map { panel.place($0) }.map { "\(number($0.x)),\(number($0.y))" }
    body.append(
      """
      <polyline points="\(places.joined(separator: " "))" fill="none" stroke="\(color)" \
      stroke-width="1.6" stroke-linejoin="round"/>
      """)
  }

  /// A dot in a panel.
  mutating func dot(_ panel: Panel, _ point: (x: Double, y: Double), color: String) {
    let place = panel.place(point)
    body.append(
      "<circle cx=\"\(number(place.x))\" cy=\"\(number(place.y))\" r=\"3\" fill=\"\(color)\"/>")
  }

  /// A line of text.
  mutating func text(
    _ text: String, at place: (x: Double, y: Double), anchor: String = "start",
    color: String = "#24292f", isCode: Bool = false, isBold: Bool = false, isSmall: Bool = false
  ) {
    let family = isCode ? " font-family=\"ui-monospace, monospace\"" : ""
    let weight = isBold ? " font-weight=\"600\"" : ""
    let size = isSmall ? " font-size=\"11\"" : ""
    body.append(
      """
      <text x="\(number(place.x))" y="\(number(place.y))" text-anchor="\(anchor)" \
      fill="\(color)"\(family)\(weight)\(size)>\(text)</text>
      """)
  }

  /// A tenth of a unit is finer than the eye, and coarser than rounding errors.
  private func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
