/// What Newton's method knows of one system.
struct NewtonProgress: BitwiseCopyable {
  enum State: UInt8, BitwiseCopyable {
    /// The root is still sought.
    case running
    /// A step is being tried that may turn out too long.
    case searching
    case found
    case failed
  }

  var state = State.running
  /// The norm of the guess, the scale below which errors do not matter.
  var guess = 0.0
  /// The norms of the residual at the point, and at the one before.
  var residual = 0.0
  var formerResidual = 0.0
  /// The residual at the point as the search sees it, which wants it to shrink: in units of what is
  /// allowed, where each unknown has its own.
  var merit = 0.0
  /// The length of the last correction in units of the tolerance; 0 where it says nothing of how fast
  /// the method converges.
  var formerLength = 0.0
  /// That of this correction.
  var length = 0.0
  /// How much of the correction is tried.
  var part = 1.0
  /// The relative residual that the linear system is solved to.
  var forcing = Self.firstForcing
  /// Whether the correction is within the tolerance, but was not computed well enough to tell.
  var isShort = false
  /// Iterations in a row that hardly reduced the residual.
  var slow = 0
  /// Whether the factors are those of the Jacobian at the point, and whether they must become so.
  var isFresh = false
  var isOutdated = true
  /// The factor by which the last correction or residual was smaller than the one before.
  var rate = 1.0
  var failure = LoopFailure.Kind.newton

  static let firstForcing = 0.1
  static let largestForcing = 0.9

  /// The part of the error that the correction leaves, as far as one sees.
  var remainder: Double {
    guard formerLength > 0 else { return 1 }
    let rate = length / formerLength
    return rate < 0.5 ? rate / (1 - rate) : 1
  }

  /// Chooses how well the next linear system is solved.
  ///
  /// - Source: S. C. Eisenstat, H. F. Walker, "Choosing the forcing terms in an inexact Newton
  ///   method", SIAM J. Sci. Comput. 17 (1996), 16-32, doi:10.1137/0917003: choice 2.
  mutating func chooseForcing() {
    let (factor, ratio) = (0.9, residual / formerResidual)
    var next = factor * ratio * ratio
    let safeguard = factor * forcing * forcing
    if safeguard > 0.1 { next = Swift.max(next, safeguard) }
    forcing = Swift.min(next, Self.largestForcing)
  }
}
