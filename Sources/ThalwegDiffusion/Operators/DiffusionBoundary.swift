import ThalwegKernels

/// What lies beyond the ends of the domain of a diffusion.
public enum DiffusionBoundary: String, Hashable, Sendable, CaseIterable {
  /// The mirror image: u[-1] = u[0], u[-2] = u[1]. Nothing flows across.
  case reflecting
  /// The domain again.
  case periodic
  /// Zeros.
  case zero

  /// What a shift by one reads there.
  var shifts: ShiftBoundary {
    switch self {
    case .reflecting: .replicated
    case .periodic: .periodic
    case .zero: .zero
    }
  }
}
