extension Augmentation {
  /// What suits handwriting: small shifts, turns and stretches.
  public static let handwriting = Augmentation(shift: 1, angle: 0.15, scale: 0.1)

  /// What suits photographs of some size: mirrors, and crops of the image with a border of zeros that
  /// is a sixteenth of it.
  ///
  /// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
  ///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
  public static func photographs(height: Int, width: Int) -> Augmentation {
    Augmentation(crop: Swift.min(height, width) / 16, mirrors: true)
  }

  /// The words that ``init(words:)`` reads.
  public static let forms = [
    "none", "handwriting", "crop:PIXELS", "mirror", "shift:PIXELS", "turn:RADIANS", "stretch:SHARE",
  ]

  /// Reads words with commas between them, as `crop:2,mirror`; nil where one is not of ``forms``.
  public init?(words: String) {
    self.init()
    for word in words.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let number = parts.count > 1 ? Double(parts[1]) : nil
      guard number.map({ $0 >= 0 && $0.isFinite }) ?? (parts.count == 1) else { return nil }
      switch (parts[0], number) {
      case ("none", nil): break
      case ("mirror", nil): mirrors = true
      case ("handwriting", nil):
        let usual = Self.handwriting
        (shift, angle, scale) = (usual.shift, usual.angle, usual.scale)
      case ("crop", let pixels?):
        guard let whole = Int(exactly: pixels), whole <= 1 << 16 else { return nil }
        crop = whole
      case ("shift", let pixels?): shift = pixels
      case ("turn", let radians?): angle = radians
      case ("stretch", let share?):
        guard share < 1 else { return nil }
        scale = share
      default: return nil
      }
    }
  }
}
