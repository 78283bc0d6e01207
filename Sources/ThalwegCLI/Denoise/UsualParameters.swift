/// Contrast and time that suit a noise, found on photographs.
struct UsualParameters {
  /// From 0 to 1.
  let contrast: Double
  /// In squared pixels.
  let time: Double

  init(flux: String, noise: Double, isFilling: Bool) {
    guard !isFilling else {
      // Long enough to reach across wide gaps; a small contrast lets edges go on.
      contrast = flux == "linear" ? 1 : 0.02
      time = 2_000
      return
    }
    let noise = Swift.max(noise, 1 / 255)
    // With the contrast as a part of the noise, stronger noise is the same picture in other units.
    switch flux {
    case "linear": (contrast, time) = (1, 7 * noise)
    case "perona-malik": (contrast, time) = (noise, 2)
    case "exponential-perona-malik": (contrast, time) = (1.5 * noise, 1.5)
    case "total-variation": (contrast, time) = (0.05 * noise, 0.7 * noise)
    default: (contrast, time) = (0.1 * noise, 9)
    }
  }
}
