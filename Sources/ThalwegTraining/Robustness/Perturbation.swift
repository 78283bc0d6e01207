/// A way in which images are made harder to classify.
///
///     let evaluation = try Evaluation(of: model, on: data.test, perturbed: .sign(0.1))
///
/// Sizes are in units of the numbers that the network sees: shares of the brightest pixel, or of the
/// standard deviation of an image where images are standardised. Pixels that are not standardised
/// stay from 0 to 1.
///
/// - Source: sign: I. J. Goodfellow, J. Shlens, C. Szegedy, "Explaining and harnessing adversarial
///   examples", ICLR 2015, arXiv:1412.6572; projected: A. Madry, A. Makelov, L. Schmidt, D. Tsipras,
///   A. Vladu, "Towards deep learning models resistant to adversarial attacks", ICLR 2018,
///   arXiv:1706.06083, here without a random beginning.
public enum Perturbation: Hashable, Sendable {
  /// Images as they are.
  case none
  /// Independent normal numbers of a standard deviation are added.
  case noise(Double)
  /// Every pixel is moved by so much in the direction in which the loss grows.
  case sign(Double)
  /// The same in several shorter steps, each along the gradient at its place, in which no pixel is
  /// moved further in all.
  case projected(Double, steps: Int)
}
