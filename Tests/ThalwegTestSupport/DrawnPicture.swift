public import Foundation

/// A picture as gnuplot writes it.
public struct DrawnPicture {
  private let text: String

  /// Reads a file.
  public init(_ file: URL) throws { text = try String(contentsOf: file, encoding: .utf8) }

  /// What drew it.
  public var program: Substring? { text.firstMatch(of: /<desc>([^<]*)<\/desc>/)?.1 }

  /// The title, the names of axes and curves: what stands in it, without numbers.
  public var words: Set<String> {
    var words: Set<String> = []
    for match in text.matches(of: /<text>(.*?)<\/text>/) {
      let word = match.1.replacing(/<[^>]*>/, with: "").trimmingCharacters(in: .whitespaces)
      if !word.isEmpty, Double(word) == nil { words.insert(word) }
    }
    return words
  }

  /// The colours of lines, marks and scales.
  public var colors: Set<String> {
    Set(text.matches(of: /rgb\(([^)]*)\)/).map { String($0.1.replacing(" ", with: "")) })
  }

  /// The text without its numbers.
  public var frame: String { text.replacing(Self.number, with: "#") }

  /// The numbers in the text, places above all.
  public var numbers: [Double] { text.matches(of: Self.number).compactMap { Double($0.0) } }

  private static var number: Regex<Substring> { /-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/ }
}
