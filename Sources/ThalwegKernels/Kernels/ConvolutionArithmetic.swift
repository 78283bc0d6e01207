/// How the products of a convolution are formed.
///
///     let y = convolution(x, w, arithmetic: .fast)
///     let layer = SymmetricLayer(64, arithmetic: .fast)
public enum ConvolutionArithmetic: String, Hashable, Sendable, CaseIterable {
  /// Every weight is multiplied with every pixel that it meets.
  case exact
  /// A quarter of these products where that is faster, by Winograd's method.
  ///
  /// That is for 3×3 convolutions of stride 1 in one group, between 16 channels or more; all others
  /// are exact. The derivatives of a fast convolution are fast. Compare gradients with exact ones.
  ///
  /// It makes 4×4 pixels of the result of a 3×3 convolution from 36 products for each pair of
  /// channels instead of 144. With 32 channels, a pass is about twice as fast; with 64 and more,
  /// 2.5 to 3 times. Rounding errors are about three times as large. In single precision, with
  /// normal random numbers and in units of the result's root mean square, they are
  ///
  ///     channels          16       32       64      128      256
  ///     exact   rms   1.3e-7   1.8e-7   2.5e-7   3.5e-7   4.9e-7
  ///             max   0.9e-6   1.8e-6   2.1e-6   2.8e-6   3.6e-6
  ///     fast    rms   5.0e-7   6.1e-7   7.9e-7   1.1e-6   1.5e-6
  ///             max   4.4e-6   5.8e-6   8.8e-6   1.1e-5   1.7e-5
  ///
  /// - Source: A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", IEEE
  ///   Conference on Computer Vision and Pattern Recognition (2016), 4013–4021, arXiv:1509.09308.
  case fast
}
