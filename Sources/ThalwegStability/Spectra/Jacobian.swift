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
/// Vectors are the numbers of all tensors of the state, one after the other. Where the leading axis of
/// the state counts samples that do not influence each other, as images of a batch, the dynamics of one
/// sample say so: all entries are then computed for many columns in one pass.
///
///     let all = try Jacobian(of: layer, at: image, samples: .independent).spectrum(.all)
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
  private let columnPass: ColumnPass?

  /// What the samples of the leading axis of a state have to do with each other.
  public enum Samples: Hashable, Sendable {
    /// They may influence each other.
    case together
    /// They do not: a state of more samples has for each of them the derivative that it has alone.
    case independent
  }

  /// Creates the Jacobian of dynamics at a state.
  public init<Field: Dynamics>(
    of f: Field, at y: Field.State, time: Double = 0, samples: Samples = .together
  ) throws {
    try self.init(at: y, samples: samples) { y in
      let dtype = y.leaves.first?.dtype ?? .float64
      return f(Tensor([time], shape: [], dtype: dtype), y)
    }
  }

  /// Creates the Jacobian of a function from a space to itself.
  ///
  /// - Errors: traps where the function changes the shapes of its argument, and where a state of more
  ///   than one sample is said to be one of independent samples.
  public init<State: VectorSpace>(
    at y: State, samples: Samples = .together, of function: (State) throws -> State
  ) throws {
    let leaves = y.leaves
    func image(_ leaves: [Tensor]) throws -> [Tensor] {
      try function(y.replacingLeaves(with: leaves)).leaves
    }
    linearization = try Linearization(at: leaves, image)
    columnPass = samples == .together ? nil : try ColumnPass(at: leaves, image)
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
  /// - Cost: as many products as unknowns, many in one pass where samples are independent, and their
  ///   square in memory.
  public func matrix() throws -> Tensor {
    let columns = try columns()
    let rows = (0..<size * size).map { columns[row: $0 / size, column: $0 % size] }
    return Tensor(rows, shape: [size, size])
  }

  /// All entries in the order of LAPACK.
  func columns() throws -> DenseMatrix<Double> {
    if let columnPass {
      let values = try columnPass.columns(size)
      guard values.allSatisfy(\.isFinite) else { throw SpectrumError.notFinite }
      let matrix = DenseMatrix(rows: size, columns: size, values)
      try check(matrix)
      return matrix
    }
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

  /// Compares the entries of a batch with a product of the state alone.
  private func check(_ matrix: DenseMatrix<Double>) throws {
    let vector = scattered(size, seed: 11)
    let exact = try product(with: vector)
    var image = [Double](repeating: 0, count: size)
    for column in 0..<size { image = sum(image, vector[column], matrix.column(column)) }
    let miss = euclidean(sum(image, -1, exact)) / Swift.max(euclidean(exact), 1e-300)
    guard miss <= (dtype == .float64 ? 1e-9 : 1e-3) else {
      throw SpectrumError.dependentSamples(relativeError: miss)
    }
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
final class LazyMap: Sendable {
  private let stored = Mutex<LinearMap?>(nil)

  func map(_ make: () throws -> LinearMap) throws -> LinearMap {
    if let map = stored.withLock({ $0 }) { return map }
    let map = try make()
    stored.withLock { $0 = map }
    return map
  }
}
