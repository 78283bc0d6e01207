import Foundation
import Testing
import Thalweg
import ThalwegDynamics
import ThalwegKernels
import ThalwegNetworks
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

/// The numbers amplitude · sin(1.7 i + 0.61 (i² mod 1013) + phase).
private func chirp(_ shape: Shape, phase: Double, amplitude: Double = 1) -> Tensor {
  let values = (0..<shape.elementCount).map { index -> Double in
    let angle = 1.7 * Double(index) + 0.61 * Double(index * index % 1013)
    return amplitude * sin(angle + phase)
  }
  return Tensor(values, shape: shape)
}

/// A convolutional layer with 16 channels of 32 × 32, as the comparisons have it.
@Suite(.serialized) struct LayerSpectrumTests {
  private static let image = chirp([1, 16, 32, 32], phase: 0.7)
  private static let kernel = chirp(
    [16, 16, 3, 3], phase: 0.3, amplitude: (2.0 / 144).squareRoot())

  private static let parabolic = ODE(kernel) { _, y, k in
    let z = convolution(y, k)
    return -transposedConvolution(relu(InstanceNormalization()(z)), k)
  }

  /// The eigenvalues farthest to the left, on which two other systems agree to 1e-10.
  private static let leftmost = [
    -4.589748099094, -4.585047682570, -4.557300547482, -4.540586989470, -4.532307780759,
    -4.514508903647, -4.512834682983, -4.503873946624, -4.487628481730, -4.482921408071,
    -4.480956887338, -4.476928858756, -4.470175403478, -4.466876647685, -4.448578969409,
    -4.438087799293, -4.436425345562, -4.432648156853, -4.421899159031, -4.417378731,
  ]

  @Test func `the leftmost eigenvalues of a parabolic layer are those of other systems`() throws {
    let s = try spectrum(of: Self.parabolic, at: Self.image, .leftmost(20))
    #expect(s.size == 16_384 && s.structure == .general && s.isConverged)
    #expect(s.residual <= 1e-8)
    expectClose(s.eigenvalues.map(\.real).reversed(), Self.leftmost, relative: 1e-9)
    #expect(s.eigenvalues.allSatisfy { $0.imaginary == 0 })
    let largest = try spectrum(of: Self.parabolic, at: Self.image, .largest(1))
    expectClose(largest.radius, -Self.leftmost[0], relative: 1e-9)
  }

  @Test func `the rightmost eigenvalues of a parabolic layer are no well-posed question`() throws {
    let s = try spectrum(of: Self.parabolic, at: Self.image, .rightmost(20))
    #expect(s.abscissa.magnitude < 1e-7 && s.isConverged)
    let copies = s.remarks.compactMap { remark -> Int? in
      if case .repeated(_, let copies) = remark { copies } else { nil }
    }
    // Dead units of relu: about half of all.
    #expect(copies.count == 1 && (6_500...9_900).contains(copies.first ?? 0))
  }
}
