import ThalwegKernels

/// In which order a plan stores the images that convolutions work on.
///
///     PlanLayout.$current.withValue(.plain) { compile(function) ... }
///
/// The environment variable `THALWEG_LAYOUT` names the one that holds where nothing else is said.
package enum PlanLayout: String, CaseIterable, Sendable {
  /// In blocks of channels where that is expected to be faster.
  case automatic
  /// In blocks of channels wherever a convolution can work on them.
  case blocked
  /// In the order of their axes.
  case plain

  /// The layout of the plans that are compiled now.
  @TaskLocal package static var current =
    environmentVariable("THALWEG_LAYOUT").flatMap(PlanLayout.init) ?? .automatic
}
