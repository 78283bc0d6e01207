import ThalwegTraining

/// Some test images drawn with characters: those that are taken for something else, then others.
struct DigitGallery: CustomStringConvertible {
  private let data: Dataset
  private let evaluation: Evaluation
  private static let shades = Array(" .:-=+*#%@")
  /// The most characters of a line.
  private static let lineWidth = 76

  init(_ data: Dataset, _ evaluation: Evaluation) {
    self.data = data
    self.evaluation = evaluation
  }

  /// Characters of a picture: a pixel is about twice as high as it is wide.
  private var isSmall: Bool { data.width <= 12 }
  private var width: Int { isSmall ? 2 * data.width : data.width }

  var description: String {
    let wrong = evaluation.classes.indices.filter {
      evaluation.classes[$0] != evaluation.predictions[$0]
    }
    let right = evaluation.classes.indices.filter {
      evaluation.classes[$0] == evaluation.predictions[$0]
    }
    let count = Swift.max(1, (Self.lineWidth + 2) / (width + 2))
    let first = row(right.prefix(count).map { ($0, "\(evaluation.predictions[$0])") })
    let second = row(
      wrong.prefix(count).map {
        ($0, "\(evaluation.predictions[$0]), is \(evaluation.classes[$0])")
      })
    let head = wrong.isEmpty ? "" : "\n\(wrong.count) of \(data.count) taken for something else:\n"
    return "test images and what they are taken for:\n\(first)\(head)\(second)"
  }

  private func row(_ pictures: [(index: Int, caption: String)]) -> String {
    guard !pictures.isEmpty else { return "" }
    let images = pictures.map { lines(of: $0.index) }
    var text = ""
    for line in images[0].indices {
      text += trimmed(images.map { $0[line] }.joined(separator: "  ")) + "\n"
    }
    let captions = pictures.map { "→ \($0.caption)".filled(to: width) }
    return text + trimmed(captions.joined(separator: "  ")) + "\n"
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// The lines of a picture: small images twice as wide, large ones half as high.
  private func lines(of index: Int) -> [String] {
    let rows = stride(from: 0, to: data.height, by: isSmall ? 1 : 2)
    return rows.map { row in
      String((0..<width).map { column in shade(index, row, isSmall ? column / 2 : column) })
    }
  }

  private func shade(_ index: Int, _ row: Int, _ column: Int) -> Character {
    let start = index * data.channels * data.height * data.width
    let rows = isSmall ? [row] : [row, Swift.min(row + 1, data.height - 1)]
    let sum = rows.reduce(0) { $0 + Int(data.pixels[start + $1 * data.width + column]) }
    let level = sum * (Self.shades.count - 1) / (rows.count * Int(data.maximum))
    return Self.shades[Swift.min(level, Self.shades.count - 1)]
  }
}

extension String {
  /// The text with spaces behind it.
  fileprivate func filled(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
