/// A picture of vectors that says how large it is.
///
/// Pictures of the pages have a view box only and fill the width of a page in the repository. Within the
/// frame that DocC puts around them, they would shrink to the size of a stamp.
package struct SizedPicture {
  /// The picture with a width and a height, those of its view box.
  package let svg: String

  package init(_ svg: String) {
    let head = svg.prefixMatch(of: /(?s:.*?)<svg(?<attributes>[^>]*)>/)
    guard let head, !head.attributes.contains(/\swidth=/),
      let box = head.attributes.firstMatch(
        of: /viewBox=["'][-0-9.]+ [-0-9.]+ ([0-9.]+) ([0-9.]+)["']/)
    else {
      self.svg = svg
      return
    }
    var sized = svg
    let size = " width=\"\(box.1)\" height=\"\(box.2)\""
    sized.insert(contentsOf: size, at: head.attributes.endIndex)
    self.svg = sized
  }
}
