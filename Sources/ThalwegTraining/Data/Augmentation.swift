import ThalwegKernels
import ThalwegNetworks

/// How far images are distorted at random while a network is trained, so that it learns what does
/// not matter.
///
///     Augmentation(crop: 2, mirrors: true)          // of photographs of 32 × 32 pixels
///     Augmentation(shift: 1, angle: 0.15, scale: 0.1)   // of handwriting
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
  /// The most whole rows and columns that images are moved by: a crop of the padded image.
  public var crop: Int
  /// Whether every other image is mirrored, left to right.
  public var mirrors: Bool

  /// Creates an augmentation; by default one that changes nothing.
  ///
  /// - Errors: traps where a range is negative, or the scale is not below 1.
  public init(
    shift: Double = 0, angle: Double = 0, scale: Double = 0, crop: Int = 0, mirrors: Bool = false
  ) {
    require(
      shift >= 0 && angle >= 0 && scale >= 0 && scale < 1 && crop >= 0,
      "augmentation: shift \(shift), angle \(angle), scale \(scale), crop \(crop)")
    self.crop = crop
    self.mirrors = mirrors
    self.shift = shift
    self.angle = angle
    self.scale = scale
  }

  /// Whether images stay as they are.
  public var isNone: Bool { self == Augmentation() }

  /// A distortion whose numbers are uniform on their ranges.
  func distortion(using random: inout RandomSequence) -> Distortion {
    func uniform(_ bound: Double, _ random: inout RandomSequence) -> Double {
      .random(in: -bound...bound, using: &random)
    }
    var distortion = Distortion(
      rows: uniform(shift, &random), columns: uniform(shift, &random),
      angle: uniform(angle, &random), heightScale: 1 + uniform(scale, &random),
      widthScale: 1 + uniform(scale, &random))
    if crop > 0 {
      distortion.rows += Double(Int.random(in: -crop...crop, using: &random))
      distortion.columns += Double(Int.random(in: -crop...crop, using: &random))
    }
    if mirrors { distortion.isMirrored = Bool.random(using: &random) }
    return distortion
  }
}
