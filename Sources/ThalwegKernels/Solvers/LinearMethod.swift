/// How systems of linear equations are solved.
package enum LinearMethod: Hashable, Sendable {
  /// By the factors of a matrix that is obtained column by column.
  case direct
  /// By the factors of a band: unknowns are the cells of a chain, one behind the other in each
  /// component, and know neighbours at most `reach` cells away.
  case banded(cells: Int, reach: Int)
  /// By minimal residuals in a space that grows up to `restart` vectors, and then begins anew.
  case gmres(restart: Int)
  /// By conjugate gradients, for symmetric positive definite matrices.
  case conjugateGradients
  /// By two short recurrences, for any matrix, in the memory of a few vectors.
  case biCGStab

  /// Whether matrices are factored.
  package var isDirect: Bool {
    switch self {
    case .direct, .banded: true
    case .gmres, .conjugateGradients, .biCGStab: false
    }
  }
}

/// A method with its tolerances.
package struct LinearSettings: Hashable, Sendable {
  package var method: LinearMethod
  /// The largest Euclidean norm of the residual in units of that of the right side.
  package var tolerance: Double
  /// The most products with the matrix.
  package var maximumIterations: Int

  /// Creates settings.
  package init(_ method: LinearMethod, tolerance: Double, maximumIterations: Int) {
    self.method = method
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }
}

/// The unknowns of one or several systems of equations.
package struct SystemForm: Hashable, Sendable {
  /// The elements of each leaf, of all systems together.
  package var leaves: [Int]
  /// How many systems there are; more than one have an index of the leading axis of each leaf each.
  package var systems: Int
  package var dtype: DType

  /// Creates a form.
  package init(leaves: [Int], systems: Int, dtype: DType) {
    require(
      systems >= 1 && leaves.allSatisfy { $0 % systems == 0 },
      "solver: leaves of \(leaves) elements are not \(systems) systems")
    self.leaves = leaves
    self.systems = systems
    self.dtype = dtype
  }

  /// The elements of a vector.
  var count: Int { leaves.reduce(0, +) }
  /// The unknowns of a system.
  package var size: Int { count / systems }
}

/// Systems of linear equations that are to be solved.
package struct LinearSystemForm: Sendable {
  package var unknowns: SystemForm
  /// The product of the matrix with a direction.
  package var product: SolverProgram
  /// An approximate solution for a right side, or nil.
  package var preconditioner: SolverProgram?
  package var settings: LinearSettings
  /// Whether the products are those with a transposed Jacobian, which are counted apart.
  package var isTransposed: Bool
  package var rightSide: [Operand]
  package var result: [Operand]

  /// Creates a form.
  package init(
    unknowns: SystemForm, product: SolverProgram, preconditioner: SolverProgram?,
    settings: LinearSettings, isTransposed: Bool, rightSide: [Operand], result: [Operand]
  ) {
    self.unknowns = unknowns
    self.product = product
    self.preconditioner = preconditioner
    self.settings = settings
    self.isTransposed = isTransposed
    self.rightSide = rightSide
    self.result = result
  }
}
