public import ThalwegDynamics
public import ThalwegTensors

/// The eigenvalues of the Jacobian of dynamics at a state.
///
///     let s = try spectrum(of: field, at: y0)
///     s.isStable(under: .classic, step: 0.1)
///     try spectrum(of: field, at: y0, .rightmost(20), eigenvectors: true).eigenvalues
///
/// Without a part, all eigenvalues of a small system are computed, and of a large one those that bound
/// the step of a method. See ``Jacobian/spectrum(_:by:tolerance:eigenvectors:)``.
///
/// - Errors: ``SpectrumError``.
public func spectrum<Field: Dynamics>(
  of f: Field, at y: Field.State, time: Double = 0, _ part: Spectrum.Part? = nil,
  by method: Spectrum.Method? = nil, tolerance: Double? = nil, eigenvectors: Bool = false,
  samples: Jacobian.Samples = .together
) throws -> Spectrum {
  try Jacobian(of: f, at: y, time: time, samples: samples)
    .spectrum(part, by: method, tolerance: tolerance, eigenvectors: eigenvectors)
}

/// The eigenvalues of an equation of second order at a state, as those of its first-order system.
///
/// They are the roots ±√μ of the eigenvalues of the force's Jacobian, iω for an oscillation of angular
/// frequency ω.
///
/// - Errors: ``SpectrumError``.
public func spectrum<Field: SecondOrderDynamics>(
  of f: Field, at y: Tensor, time: Double = 0, _ part: Spectrum.Part? = nil,
  by method: Spectrum.Method? = nil, tolerance: Double? = nil, eigenvectors: Bool = false
) throws -> Spectrum {
  let point = PhasePoint(q: y, p: .zeros(y.shape, dtype: y.dtype))
  return try spectrum(
    of: FirstOrderSystem(f), at: point, time: time, part, by: method, tolerance: tolerance,
    eigenvectors: eigenvectors)
}
