import Foundation

extension Drawing {
  /// The kinds of picture that there are, named by the ends of their files.
  enum Format: String, CaseIterable {
    case svg, png

    /// The kind that the name of a file asks for.
    init?(path: String) {
      self.init(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased())
    }
  }

  /// The drawing as a file of its kind.
  func data(as format: Format) -> Data {
    switch format {
    case .svg: Data(svg.utf8)
    case .png: png
    }
  }
}
