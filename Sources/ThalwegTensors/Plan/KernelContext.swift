public import ThalwegKernels

/// What an operation sees while it appends its kernel calls to a plan.
public struct KernelContext {
  let lowering: Lowering
  let vertex: Int

  private var form: PlanGraph.Vertex { lowering.graph.vertices[vertex] }

  /// The types of the inputs.
  public var inputTypes: [TensorType] { form.inputs.map(lowering.graph.type) }
  /// The types of the outputs.
  public var outputTypes: [TensorType] { form.types }

  /// The program under construction.
  public var builder: ProgramBuilder {
    get { lowering.builder }
    nonmutating _modify { yield &lowering.builder }
  }

  /// The buffer of an input, whose elements are contiguous.
  public func operand(_ index: Int) -> Operand {
    let (slot, view) = lowering.view(of: form.inputs[index])
    return Operand(slot, offset: view.offset)
  }

  /// The buffer of an input together with the way its elements lie in it.
  public func view(_ index: Int) -> (slot: Slot, view: StridedView) {
    lowering.view(of: form.inputs[index])
  }

  /// The buffer of an input that the kernel may overwrite: its own where nobody else reads it.
  public func consumed(_ index: Int) -> Operand {
    let location = lowering.graph.location(of: form.inputs[index])
    if lowering.isOnlyReader(of: location.base) { return operand(index) }
    let type = inputTypes[index]
    let copy = Operand(builder.temporary(count: type.count, dtype: type.dtype))
    self.copy(index, into: copy)
    return copy
  }

  /// Appends a copy of an input into a contiguous buffer.
  func copy(_ index: Int, into target: Operand) {
    let type = inputTypes[index]
    copy(view(index), into: target, as: StridedView(rowMajor: type.shape), type.dtype)
  }

  /// The buffer of an output.
  public func result(_ index: Int = 0) -> Operand {
    lowering.place(of: PlanGraph.Value(vertex: vertex, output: index))
  }

  /// Whether anybody wants an output.
  public func isUsed(_ index: Int) -> Bool {
    lowering.isUsed(PlanGraph.Value(vertex: vertex, output: index))
  }

  /// Adds evaluations of dynamics to the plan's count.
  public func countEvaluations(_ count: Int) { lowering.evaluations += count }

  /// Appends a copy of a view into a part of a buffer.
  func copy(
    _ source: (slot: Slot, view: StridedView), into target: Operand, as view: StridedView,
    _ dtype: DType? = nil
  ) {
    builder.chain(
      Chain(
        over: view.shape.dimensions,
        inputs: [
          Chain.View(
            slot: source.slot, offset: source.view.offset, strides: source.view.strides,
            shifts: source.view.shifts)
        ], constants: [], registers: 0,
        outputs: [
          Chain.View(
            slot: target.slot, offset: target.offset + view.offset, strides: view.strides)
        ], code: [Chain.Instruction(.copy, into: 1, 0, 0, 0)]),
      dtype ?? outputTypes[0].dtype, label: "copy \(view.shape)")
  }

  /// Whether an input was computed right into its block of a result.
  func isPlaced(_ index: Int, in result: Operand, offset: Int) -> Bool {
    lowering.isHome(form.inputs[index], at: PlanGraph.Value(vertex: vertex), offset: offset)
  }

  /// Appends a reduction of the first input over neighbouring axes.
  func reduce(_ reduction: Reduction, _ axes: Range<Int>) {
    let shape = inputTypes[0].shape.dimensions
    builder.reduce(
      reduction, operand(0), into: result(), outer: shape.prefix(axes.lowerBound).reduce(1, *),
      reduced: shape[axes].reduce(1, *), inner: shape.dropFirst(axes.upperBound).reduce(1, *),
      rows: shape.first ?? 1,
      outputTypes[0].dtype)
  }
}
