import Thalweg
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors

/// Workload W2: the gradient of deep convolutional blocks whose layers have weights of their own.
///
/// Every layer is F(Y; K) = Kᵀ relu(N(K Y)), with 3×3 convolutions K and instance normalisation N.
enum BlockBench {
  /// How the gradient is computed.
  enum Way: String, CaseIterable {
    case direct, reversible, checkpointed
    case fast = "reversible, Winograd"

    var isReversible: Bool { self == .reversible || self == .fast }
    var arithmetic: ConvolutionArithmetic { self == .fast ? .fast : .exact }
  }

  static let cases = BlockShape.all.flatMap { shape in
    Way.allCases.filter { shape.kind != .parabolic || !$0.isReversible }.map { way in
      BenchCase("W2", shape.name, way.rawValue) { example, settings in
        try [measure(shape, way, BlockMeasurement(example: example, settings: settings))]
      }
    }
  }

  private static func measure(
    _ shape: BlockShape, _ way: Way, _ measurement: BlockMeasurement
  ) throws -> BenchRecord {
    let arithmetic = way.arithmetic
    switch shape.kind {
    case .leapfrog:
      let fields = shape.kernels.map {
        SecondOrderODE($0[0]) { t, y, k in -layer(y, k, arithmetic) }
      }
      let adjoint = reversible(way, shape, Leapfrog<SecondOrderODE>.self)
      return try measurement.record(shape, fields, Leapfrog(), adjoint, from: shape.images)
    case .hamiltonian:
      let fields = shape.kernels.map { kernels in
        SeparableODE(kernels[0], kernels[1]) { t, z, k, _ in
          layer(z, k, arithmetic)
        } force: { t, y, _, k in
          -layer(y, k, arithmetic)
        }
      }
      let adjoint = reversible(way, shape, SymplecticEuler<SeparableODE>.self)
      return try measurement.record(
        shape, fields, SymplecticEuler(.driftKick), adjoint, from: shape.halves)
    case .parabolic:
      let fields = shape.kernels.map { ODE($0[0]) { t, y, k in -layer(y, k, arithmetic) } }
      let adjoint = stored(way, shape, RungeKutta<ODE<Tensor>>.self)
      return try measurement.record(
        shape, fields, RungeKutta(.euler), adjoint, from: shape.images)
    }
  }

  private static func layer(
    _ y: Tensor, _ kernel: Tensor, _ arithmetic: ConvolutionArithmetic
  ) -> Tensor {
    let z = convolution(y, kernel, arithmetic: arithmetic)
    return transposedConvolution(
      relu(InstanceNormalization()(z)), kernel, arithmetic: arithmetic)
  }

  private static func reversible<Method: ReversibleIntegrator>(
    _ way: Way, _ shape: BlockShape, _ method: Method.Type
  ) -> any Adjoint<Method> {
    way.isReversible ? ReversibleAdjoint() : stored(way, shape, method)
  }

  private static func stored<Method: Integrator>(
    _ way: Way, _ shape: BlockShape, _ method: Method.Type
  ) -> any Adjoint<Method> {
    guard way == .checkpointed else { return DirectAdjoint() }
    return CheckpointedAdjoint(budget: Int(Double(shape.steps).squareRoot().rounded()))
  }
}
