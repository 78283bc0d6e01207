package import ThalwegKernels

/// A compiled trace: a flat list of kernel calls and one arena for all they compute.
///
/// Dead code and common subexpressions are gone, element-wise chains pass over memory once, and
/// buffers share the arena by lifetime. Running a plan allocates its outputs and nothing else.
///
///     let step = compile { (x: Tensor, w: Tensor) in tanh(matmul(x, w)) }
///     let plan = try step.plan(for: x, w)
///     print(plan)                     // what is computed, call by call
///     plan.evaluations                // of dynamics in one run
///
/// - Cost: compiling takes milliseconds for a network, some ten microseconds an operation.
public struct Plan: Sendable {
  package let program: Program
  let inputTypes: [TensorType]
  let outputTypes: [TensorType]
  /// The outputs whose memory may be that of the inputs they were to reuse.
  let reused: Set<Int>
  /// Evaluations of dynamics in one run, as far as the dynamics count them.
  public let evaluations: Int

  /// Compiles the outputs as a function of traced inputs.
  package init(inputs: [Tensor], outputs: [Tensor]) {
    self.init(
      inputs: inputs,
      layouted: LayoutRewriter.rewritten(outputs, inputs: inputs, PlanLayout.current))
  }

  /// Compiles a graph whose layouts have been chosen, such as the body of a loop.
  ///
  /// Outputs may be computed over inputs, by their places, where that is possible: see `reused`.
  /// The same operations give the same bits in all uniform plans.
  package init(
    inputs: [Tensor], layouted outputs: [Tensor], reusing pairs: [Int: Int] = [:],
    isUniform: Bool = false
  ) {
    inputTypes = inputs.map(\.type)
    outputTypes = outputs.map(\.type)
    let lowering = Lowering(
      PlanGraph(inputs: inputs, outputs: outputs), inputs: inputTypes, reusing: pairs,
      isUniform: isUniform)
    reused = lowering.reused
    program = lowering.builder.finish()
    evaluations = lowering.evaluations
  }

  /// Compiles the graph of an operation, whose layouts have been chosen.
  package init(_ region: Region) {
    self.init(
      inputs: region.inputs, layouted: region.outputs, isUniform: region.isUniform)
  }

  /// Runs the plan.
  ///
  /// - Errors: what a loop inside the plan throws where its state is not finite, and what a
  ///   certificate throws where its bound is broken.
  public func run(_ inputs: [Tensor]) throws -> [Tensor] {
    var counts = RunCounts()
    return try run(inputs, counting: &counts)
  }

  /// Runs the plan and says what it did, also where it fails.
  package func run(_ inputs: [Tensor], counting counts: inout RunCounts) throws -> [Tensor] {
    check(inputs)
    let results = try program.run(inputs.map(\.storage), counting: &counts)
    return zip(results, outputTypes).map { Tensor($0, shape: $1.shape) }
  }

  /// Runs the plan and returns with its results the grids of steps that it recorded, by their numbers.
  package func runRecording(
    _ inputs: [Tensor]
  ) throws -> (outputs: [Tensor], grids: [[Double]]) {
    check(inputs)
    let (results, grids) = try program.runRecording(inputs.map(\.storage))
    return (zip(results, outputTypes).map { Tensor($0, shape: $1.shape) }, grids)
  }

  private func check(_ inputs: [Tensor]) {
    for (input, type) in zip(inputs, inputTypes) {
      require(input.type == type, "plan: an argument is \(input.type), not \(type)")
    }
  }

  /// The bytes of temporaries, checkpoints and scratch that a run needs.
  public var arenaBytes: Int { program.arenaBytes }

  /// The bytes that a run needs on top of its inputs: arena and outputs.
  public var peakBytes: Int { arenaBytes + outputTypes.reduce(0) { $0 + $1.bytes } }

  /// The number of kernel calls of one run, loops counted once.
  public var callCount: Int { program.listing.count }

  /// Computes tensors that depend on no placeholder.
  static func evaluate(_ tensors: [Tensor]) -> [Tensor] {
    do {
      return try Plan(inputs: [], outputs: tensors).run([])
    } catch {
      fatalError("\(error)")
    }
  }
}

extension Plan: CustomStringConvertible {
  public var description: String {
    let head =
      "plan: \(inputTypes.count) inputs → \(outputTypes.count) outputs,"
      + " \(callCount) calls, arena \(arenaBytes) bytes"
    let lines = program.listing.enumerated().map { "  \($0): \($1)" }
    return ([head] + lines).joined(separator: "\n")
  }
}
