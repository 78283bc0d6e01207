import Synchronization
public import ThalwegDynamics
public import ThalwegKernels
public import ThalwegTensors

/// The derivative of dynamics at a state: a matrix that is known by its products with vectors.
///
///     J = ∂f/∂y (t, y)
///
///     let jacobian = try Jacobian(of: field, at: y)
///     let rate = try jacobian.product(with: direction)
///     try jacobian.spectrum(.rightmost(20)).abscissa
///     try jacobian.logarithmicNorm()
///
/// Vectors are the numbers of all tensors of the state, one after the other.
///
/// - Cost: making one traces and compiles the derivative, in milliseconds; a product costs about as
///   much as an evaluation of the dynamics.
public struct Jacobian: Sendable {
  /// The number of unknowns.
  public let size: Int
  /// The precision of the products.
  public let dtype: DType
  private let linearization: Linearization
  private let forward: LinearMap
  private let backward = LazyMap()

  /// Creates the Jacobian of dynamics at a state.
  public init<Field: Dynamics>(of f: Field, at y: Field.State, time: Double = 0) throws {
    try self.init(at: y) { y in
      let dtype = y.leaves.first?.dtype ?? .float64
      return f(Tensor([time], shape: [], dtype: dtype), y)
    }
  }

  /// Creates the Jacobian of a function from a space to itself.
  ///
  /// - Errors: traps where the function changes the shapes of its argument.
  public init<State: VectorSpace>(at y: State, of function: (State) throws -> State) throws {
    let leaves = y.leaves
    linearization = try Linearization(at: leaves) { leaves in
      try function(y.replacingLeaves(with: leaves)).leaves
    }
    require(
      linearization.codomain.map(\.shape) == leaves.map(\.shape),
      "Jacobian: shapes \(leaves.map(\.shape)) become \(linearization.codomain.map(\.shape))")
    size = leaves.reduce(0) { $0 + $1.count }
    forward = try linearization.pushforward()
    dtype = forward.domain.first?.dtype ?? .float64
  }

  /// J v.
  public func product(with vector: [Double]) throws -> [Double] {
    try apply(forward, to: vector)
  }

  /// Jᵀ v.
  ///
  /// - Cost: the first one compiles a pullback.
  public func transposedProduct(with vector: [Double]) throws -> [Double] {
    try apply(backward.map { try linearization.pullback() }, to: vector)
  }

  /// All entries, row by row.
  ///
  /// - Cost: as many products as unknowns, and their square in memory.
  public func matrix() throws -> Tensor {
    let columns = try columns()
    let rows = (0..<size * size).map { columns[row: $0 / size, column: $0 % size] }
    return Tensor(rows, shape: [size, size])
  }

  /// All entries in the order of LAPACK.
  func columns() throws -> DenseMatrix<Double> {
    var values: [Double] = []
    values.reserveCapacity(size * size)
    var unit = [Double](repeating: 0, count: size)
    for column in 0..<size {
      unit[column] = 1
      values += try product(with: unit)
      unit[column] = 0
    }
    guard values.allSatisfy(\.isFinite) else { throw SpectrumError.notFinite }
    return DenseMatrix(rows: size, columns: size, values)
  }

  private func apply(_ map: LinearMap, to vector: [Double]) throws -> [Double] {
    require(vector.count == size, "Jacobian: a vector of \(vector.count) for order \(size)")
    var position = 0
    let leaves = map.domain.map { type in
      defer { position += type.count }
      return Tensor(
        Array(vector[position..<position + type.count]), shape: type.shape, dtype: type.dtype)
    }
    let images = try map(leaves)
    return images.count == 1 ? images[0].values : images.flatMap(\.values)
  }
}

/// A map that is compiled when it is first needed.
private final class LazyMap: Sendable {
  private let stored = Mutex<LinearMap?>(nil)

  func map(_ make: () throws -> LinearMap) throws -> LinearMap {
    if let map = stored.withLock({ $0 }) { return map }
    let map = try make()
    stored.withLock { $0 = map }
    return map
  }
}
