import Foundation
import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// Points in the plane, and the networks of Haber and Ruthotto that tell them apart.
@Suite struct ToyProblemTests {
  @Test func `the Swiss roll is two spirals`() {
    let (training, test) = ToyProblem.swissRoll.data(dtype: .float64)
    #expect(training.points.shape == [514, 2] && test.points.shape == [512, 2])
    for (data, offset) in [(training, 0), (test, 1)] {
      let values = data.points.values
      for index in stride(from: 0, to: data.classes.count, by: 37) {
        let share = Double(index / 2 * 2 + offset) / 512
        let radius = share + 0.2 * Double(data.classes[index])
        let (x, y) = (values[2 * index], values[2 * index + 1])
        expectClose((x * x + y * y).squareRoot(), radius, absolute: 1e-14)
        expectClose(x, radius * cos(4 * .pi * share), absolute: 1e-14)
      }
      #expect(data.classes.count { $0 == 1 } == data.classes.count / 2)
    }
  }

  @Test func `ellipses lie within each other`() {
    let (training, test) = ToyProblem.ellipses.data(seed: 3, dtype: .float64)
    #expect(training.classes.count == 2_000 && test.classes.count == 400)
    let values = training.points.values
    for (index, label) in training.classes.enumerated() {
      let (x, y) = (values[2 * index], values[2 * index + 1] / 0.4)
      #expect((Double(label)...Double(label + 1)).contains((x * x + y * y).squareRoot()))
    }
    #expect(ToyProblem.ellipses.data(seed: 3).training.points.values != test.points.values)
    let again = ToyProblem.ellipses.data(seed: 3, dtype: .float64).training
    #expect(again.points.values == values)
  }

  @Test func `peaks have five levels of as many points`() {
    let (training, test) = ToyProblem.peaks.data(seed: 1, dtype: .float64)
    for label in 0..<5 {
      #expect(training.classes.count { $0 == label } == 1_000)
      #expect(test.classes.count { $0 == label } == 200)
    }
    // The summit near (0, 1.6) and the pit near (0.2, -1.6).
    func nearest(_ x: Double, _ y: Double) -> Int {
      let values = training.points.values
      let distances = training.classes.indices.map { index in
        hypot(values[2 * index] - x, values[2 * index + 1] - y)
      }
      return training.classes[distances.indices.min { distances[$0] < distances[$1] } ?? 0]
    }
    #expect(nearest(0, 1.58) == 4 && nearest(0.23, -1.62) == 0)
  }

  @Test(arguments: [
    (PointNetwork.Kind.hamiltonian, 4), (.antisymmetric(damping: 1e-4), 4),
  ])
  func `the Swiss roll is unrolled`(kind: PointNetwork.Kind, width: Int) throws {
    let data = ToyProblem.swissRoll.data()
    let network = try PointNetwork(
      kind, width: width, steps: 32, span: 20, classes: 2,
      adjoint: kind == .hamiltonian ? .reversible : .direct, seed: 1)
    #expect(network.accuracy(on: data.test) < 0.75)
    var losses: [Double] = []
    let result = try PointTraining(updates: 1_000, learningRate: 0.05).trained(
      network, on: data.training
    ) { update, loss in
      losses.append(loss)
      #expect(update == losses.count)
    }
    #expect(losses.count == 1_000 && losses[999] < 0.2 * losses[0])
    #expect(result.accuracy(on: data.test) > 0.98)
    let window = ToyProblem.swissRoll.window
    let regions = try DecisionRegions(
      of: result, x: window.x, y: window.y, columns: 25, rows: 21)
    #expect(regions.classes.count == 21 && regions.classes[0].count == 25)
    #expect(Set(regions.classes.flatMap { $0 }) == [0, 1])
    #expect(regions.probabilities.flatMap { $0 }.allSatisfy { (0.5...1).contains($0) })
    // The lower left corner is the first point.
    let corner = softmax(result(Tensor([-1.2, -1.2], shape: [1, 2], dtype: .float32))).values
    expectClose(regions.probabilities[0][0], corner.max() ?? 0, relative: 1e-5)
  }

  @Test func `illegal choices are refused`() {
    #expect(throws: NetworkError.self) {
      try PointNetwork(
        .antisymmetric(damping: 0), width: 2, steps: 3, span: 1, classes: 2, integrator: .verlet)
    }
    #expect(throws: NetworkError.self) {
      try PointNetwork(
        .hamiltonian, width: 2, steps: 3, span: 1, classes: 2, integrator: .rk4,
        adjoint: .reversible)
    }
    #expect(throws: NetworkError.self) {
      try PointNetwork(.hamiltonian, width: 0, steps: 3, span: 1, classes: 2)
    }
  }
}
