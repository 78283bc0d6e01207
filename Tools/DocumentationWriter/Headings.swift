/// The headings of a page, and by what names they are linked to.
struct Headings {
  /// From the name that Markdown sites use to the one that DocC uses.
  private var fragments: [String: String] = [:]

  /// Finds the headings of a page.
  ///
  /// Other places with a name count as the heading above them.
  init(_ text: String) {
    var isCode = false
    var last: String?
    for line in text.split(separator: "\n") {
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode else { continue }
      if line.hasPrefix("## ") || line.hasPrefix("### ") || line.hasPrefix("#### ") {
        let title = line.drop { $0 == "#" || $0 == " " }
        last = Self.fragment(title)
        fragments[Self.anchor(title)] = last
      }
      for place in line.matches(of: /<a id="([^"]+)">/) { fragments[String(place.1)] = last }
    }
  }

  /// What follows `#` in a link to this page, with the sign; empty where there is no heading.
  func fragment(for anchor: String) -> String { fragments[anchor].map { "#" + $0 } ?? "" }

  private static func anchor(_ title: Substring) -> String {
    String(
      title.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
        .map { $0 == " " ? "-" : $0 })
  }

  private static func fragment(_ title: Substring) -> String {
    title.split(separator: " ").joined(separator: "-").filter { !"'\"`".contains($0) }
  }
}
