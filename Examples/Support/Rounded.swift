import Foundation

extension Double {
  /// The number with so many digits in all.
  public func rounded(to digits: Int) -> String { String(format: "%.\(digits)g", self) }
}
