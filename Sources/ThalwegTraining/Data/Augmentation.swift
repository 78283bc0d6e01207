import ThalwegKernels
import ThalwegNetworks

/// How far images are distorted at random while a network is trained, so that it learns what does
/// not matter.
///
/// - Source: P. Y. Simard, D. Steinkraus, J. C. Platt, "Best practices for convolutional neural
///   networks applied to visual document analysis", ICDAR 2003, doi:10.1109/ICDAR.2003.1227801.
public struct Augmentation: Hashable, Sendable {
  /// The most rows and columns that images are moved by.
  public var shift: Double
  /// The largest angle that they are turned by, in radians.
  public var angle: Double
  /// The largest share that height and width change by, each on its own.
  public var scale: Double

  /// Creates an augmentation; by default one that changes nothing.
  ///
  /// - Errors: traps where a range is negative, or the scale is not below 1.
  public init(shift: Double = 0, angle: Double = 0, scale: Double = 0) {
    require(
      shift >= 0 && angle >= 0 && scale >= 0 && scale < 1,
      "augmentation: shift \(shift), angle \(angle), scale \(scale)")
    self.shift = shift
    self.angle = angle
    self.scale = scale
  }

  /// Whether images stay as they are.
  public var isNone: Bool { self == Augmentation() }

  /// A distortion whose five numbers are uniform on their ranges.
  func distortion(using random: inout RandomSequence) -> Distortion {
    func uniform(_ bound: Double, _ random: inout RandomSequence) -> Double {
      .random(in: -bound...bound, using: &random)
    }
    return Distortion(
      rows: uniform(shift, &random), columns: uniform(shift, &random),
      angle: uniform(angle, &random), heightScale: 1 + uniform(scale, &random),
      widthScale: 1 + uniform(scale, &random))
  }
}
