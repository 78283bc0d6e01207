import Testing
import Thalweg
import ThalwegTestSupport

/// Multigrid as a solver, as a preconditioner, and without linearisation.
@Suite struct MultigridTests {
  @Test(arguments: [64, 128, 256, 512, 1024])
  func `a V cycle leaves less than 0.15 of the residual`(side: Int) throws {
    let b = Tensor.random([side, side], seed: 1)
    for boundary in [DiffusionBoundary.reflecting, .periodic]
    where side < 512 || boundary == .reflecting {
      let poisson = GridEquation(decay: 0, rate: 1, boundary: boundary)
      let solution = try Multigrid().solve(poisson, b, tolerance: 1e-6)
      #expect(
        solution.convergenceFactor < 0.15, "\(boundary) \(side): \(solution.residuals)")
    }
  }

  @Test(arguments: [63, 127, 511])
  func `and between zeros too`(side: Int) throws {
    let b = Tensor.random([side, side], seed: 2)
    let poisson = GridEquation(decay: 0, rate: 1, boundary: .zero)
    let solution = try Multigrid().solve(poisson, b, tolerance: 1e-6)
    #expect(solution.convergenceFactor < 0.15, "\(side): \(solution.residuals)")
  }

  @Test func `solutions solve, on grids of any sides`() throws {
    let cases: [(GridEquation, Shape)] = [
      (GridEquation(decay: 0, rate: 2), [37, 50]), (GridEquation(decay: 1, rate: 30), [3, 21, 40]),
      (GridEquation(decay: 0, rate: 1, boundary: .zero), [40, 33]),
      (GridEquation(decay: 0.1, rate: 5, boundary: .periodic), [12, 15]),
      (GridEquation(decay: 0, rate: 1, dimensions: 1), [100]),
      (
        GridEquation(
          decay: 1, rate: 50,
          conductivities: [
            0.05 + square(sin(Tensor.iota(24 * 32))).reshaped(to: [24, 32]),
            0.05 + square(cos(Tensor.iota(24 * 32))).reshaped(to: [24, 32]),
          ]), [24, 32]
      ),
    ]
    for (equation, shape) in cases {
      for cycle in Multigrid.Cycle.allCases {
        var b = Tensor.random(shape, seed: 3)
        if equation.isSolvedByConstants { b = b - Tensor(mean(b).scalar) }
        let solution = try Multigrid(cycle).solve(equation, b, tolerance: 1e-9)
        expectClose(equation(solution.state), b, relative: 1e-8, "\(shape) \(cycle)")
        #expect(solution.convergenceFactor < 0.6, "\(shape) \(cycle): \(solution.residuals)")
      }
    }
  }

  @Test func `full multigrid begins near the solution`() throws {
    let poisson = GridEquation(decay: 0, rate: 1, boundary: .zero)
    let x = Tensor.iota(127)
    let smooth =
      sin(x * (Double.pi / 128)).reshaped(to: [127, 1])
      * sin(x * (2 * Double.pi / 128)).reshaped(to: [1, 127])
    let b = poisson(smooth)
    let plain = Multigrid(.v).approximation(poisson, b)
    let full = Multigrid(.full).approximation(poisson, b)
    #expect(relativeError(full, smooth) < 0.02, "\(relativeError(full, smooth))")
    #expect(relativeError(full, smooth) < relativeError(plain, smooth))
  }

  @Test func `a cycle is a symmetric matrix`() {
    for boundary in DiffusionBoundary.allCases {
      for side in [16, 23] where boundary != .periodic || side == 16 {
        let equation = GridEquation(decay: 0.5, rate: 3, boundary: boundary)
        let (u, v) = (Tensor.random([side, side], seed: 4), Tensor.random([side, side], seed: 5))
        let left = sum(u * Multigrid().approximation(equation, v)).scalar
        let right = sum(v * Multigrid().approximation(equation, u)).scalar
        expectClose(left, right, relative: 1e-12, "\(boundary) \(side)")
      }
    }
  }

  @Test func `Krylov products of implicit steps do not grow with the grid`() throws {
    let diffusion = Diffusion(
      .gradient(), flux: .charbonnier(contrast: 0.2), coupling: .responses)
    let solver = NewtonKrylov(tolerance: 1e-8, linear: .gmres(restart: 30))
    func products(_ side: Int, _ preconditioner: StagePreconditioner<Tensor>?) throws -> Int {
      // The same picture on finer and finer grids, with a step that is as long for all of it.
      let x = Tensor.iota(side) * (6 / Double(side))
      let u = sin(x).reshaped(to: [side, 1]) * cos(2 * x).reshaped(to: [1, side])
      let time = Double(side * side) / 100
      let method = BackwardEuler<Diffusion>(solver: solver, preconditioner: preconditioner)
      let flow = Flow(diffusion, over: 0...time, steps: 1, using: method)
      _ = try flow(u)
      return flow.statistics.krylovIterations
    }
    let counts = try [32, 64, 128].map { try products($0, .multigrid(for: diffusion)) }
    #expect(counts[2] <= counts[0] + 8, "\(counts)")
    #expect(try products(64, nil) > 2 * counts[1])
  }

  @Test func `the full approximation scheme solves the implicit step`() throws {
    let diffusion = Diffusion(
      .gradient(), flux: .charbonnier(contrast: 0.1), coupling: .responses)
    let u = Tensor.random([40, 33], seed: 7)
    let exact = try Flow(
      diffusion, over: 0...8, steps: 2,
      using: BackwardEuler(solver: NewtonKrylov(tolerance: 1e-12)))(u)
    let errors = try [2, 4, 8].map { cycles in
      let flow = Flow(diffusion, over: 0...8, steps: 2, using: MultigridEuler(cycles: cycles))
      return relativeError(try flow(u), exact)
    }
    #expect(errors[1] < 0.3 * errors[0] && errors[2] < 0.2 * errors[1], "\(errors)")
  }

  @Test func `what cannot be reached is an error`() {
    let poisson = GridEquation(decay: 0, rate: 1)
    #expect(throws: MultigridError.self) {
      try Multigrid().solve(poisson, .random([32, 32], seed: 1), tolerance: 0, maximumCycles: 20)
    }
  }
}

extension GridEquation {
  fileprivate var isSolvedByConstants: Bool { boundary != .zero && decay.scalar == 0 }
}
