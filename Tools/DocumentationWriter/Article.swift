/// A page in Markdown that becomes an article of DocC: links lead to articles and symbols.
struct Article {
  /// Where the page is, from the root of the repository.
  let path: String
  /// The text of the page.
  let text: String

  /// The part of the address that is the page's own.
  ///
  /// Addresses of symbols and pages are written alike, in small letters: the page on dynamics must not
  /// have that of `Dynamics`.
  var name: String {
    let parts = path.split(separator: "/")
    let file = parts.last.map { String($0.prefix { $0 != "." }).lowercased() } ?? ""
    if file == "readme" { return "all-\(parts.dropLast().last ?? "")".lowercased() }
    switch folder {
    case "Examples": return "example-\(file)"
    case "docs/decisions": return "decision-\(file)"
    default: return "guide-\(file)"
    }
  }

  var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

  /// The text for DocC.
  func rewritten(for catalog: Links) -> String {
    var output = ""
    var prose = ""
    var isCode = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if !isCode {
          output += rewritten(prose: prose, for: catalog)
          prose = ""
        }
        isCode.toggle()
        output += line + "\n"
      } else if isCode {
        output += line + "\n"
      } else {
        prose += line + "\n"
      }
    }
    return output + rewritten(prose: prose, for: catalog)
  }

  private func rewritten(prose: String, for catalog: Links) -> String {
    let plain = prose.replacing(/<a id="[^"]*"><\/a>/, with: "")
      .replacing(/<!--(?:.|\n)*?-->/, with: "")
    return plain.replacing(Self.marks) { match in
      if let code = match.output.1 {
        return catalog.code(String(code), after: plain[..<match.range.lowerBound])
      }
      let (isPicture, label, target) = (match.output.2, match.output.3, match.output.4)
      guard let isPicture, let label, let target else { return String(match.output.0) }
      if !isPicture.isEmpty {
        return "![\(label)](\(catalog.picture(resolved(String(target), from: folder))))"
      }
      return catalog.link(String(label), to: String(target), on: self)
    }
  }

  /// Code, a picture, or a link, whose label may hold a picture.
  private static var marks: Regex<(Substring, Substring?, Substring?, Substring?, Substring?)> {
    /`([^`]+)`|(!?)\[((?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*)\]\(([^)\s]+)\)/
  }
}
