import CThalwegKernels
import Synchronization

/// A flat list of kernel calls with its buffers placed in one arena: what a plan runs.
///
/// It is immutable and may run on several threads at once, each run in a workspace of its own.
/// Workspaces are kept for the next run, so that running again allocates its results alone.
///
/// - Cost: an indirect call per kernel; no allocation and no reference counting inside a run.
package final class Program: @unchecked Sendable {
  let image: ProgramImage
  /// The bytes of the arena: temporaries, scratch, and all that nested loops need.
  package var arenaBytes: Int { image.arenaBytes }
  /// One line for each call: what it does, what it reads and writes.
  package let listing: [String]

  /// Whether calls of it, or of a program that it runs, use the tapes of the run.
  let recordsWalks: Bool

  private let arguments: ArgumentStore
  private let constants: [Storage]
  private let owned: [any AnyObject & Sendable]
  private let inputSizes: [Int]
  private let outputs: [(count: Int, dtype: DType)]
  private let sites: [UInt: @Sendable (LoopFailure) -> any Error]
  private let workspaces = Mutex<[Workspace]>([])

  init(
    image: ProgramImage, listing: [String], arguments: ArgumentStore, constants: [Storage],
    owned: [any AnyObject & Sendable], inputSizes: [Int], outputs: [(count: Int, dtype: DType)],
    sites: [UInt: @Sendable (LoopFailure) -> any Error], recordsWalks: Bool
  ) {
    self.image = image
    self.listing = listing
    self.arguments = arguments
    self.constants = constants
    self.owned = owned
    self.inputSizes = inputSizes
    self.outputs = outputs
    self.sites = sites
    self.recordsWalks = recordsWalks
  }

  /// Runs the program and returns freshly allocated outputs.
  ///
  /// - Errors: what a guarded loop makes of a state that is not finite.
  package func run(_ inputs: [Storage]) throws -> [Storage] {
    var counts = RunCounts()
    return try run(inputs, counting: &counts)
  }

  /// Runs the program and says what it did, also where it fails.
  package func run(_ inputs: [Storage], counting counts: inout RunCounts) throws -> [Storage] {
    try run(inputs, &counts) { _ in }
  }

  /// Runs the program and returns with its outputs the grids that it recorded, by their numbers.
  package func runRecording(_ inputs: [Storage]) throws -> (outputs: [Storage], grids: [[Double]]) {
    var counts = RunCounts()
    var grids: [[Double]] = []
    let outputs = try run(inputs, &counts) { grids = $0.grids }
    return (outputs, grids)
  }

  private func run(
    _ inputs: [Storage], _ counts: inout RunCounts, _ inspect: (TapeShelf) -> Void
  ) throws -> [Storage] {
    require(inputs.count == inputSizes.count, "program: wrong number of inputs")
    for (input, size) in zip(inputs, inputSizes) {
      require(input.count == size, "program: an input has \(input.count), not \(size) elements")
    }
    _ = Threads.initial
    let results = outputs.map { Storage(uninitialized: $0.count, dtype: $0.dtype) }
    let workspace = workspaces.withLock { $0.popLast() } ?? Workspace(for: image)
    defer { workspaces.withLock { $0.append(workspace) } }
    let table = workspace.table
    for (index, input) in inputs.enumerated() { table[Int(image.inputs[index])] = input.base }
    for (index, result) in results.enumerated() { table[Int(image.outputs[index])] = result.base }
    let record = workspace.record
    record.pointee.counts = RunCounts()
    let status = withExtendedLifetime((inputs, results)) { image.execute(table) }
    counts = record.pointee.counts
    counts.tapeBytes = workspace.tapes.pointee.bytes
    inspect(workspace.tapes.pointee)
    guard status == 0 else { throw error(for: record.pointee.failure) }
    return results
  }

  private func error(for failure: LoopFailure) -> any Error {
    sites[failure.site]?(failure) ?? failure
  }

  /// The loops in this program and in the programs that it runs, by address.
  var allSites: [UInt: @Sendable (LoopFailure) -> any Error] { sites }
}

/// The memory of one run: table, arena, its record, and tapes.
///
/// Only the run that took it from the pool touches it.
private final class Workspace: @unchecked Sendable {
  let frame: UnsafeMutableRawPointer
  let record: UnsafeMutablePointer<RunRecord>
  let tapes: UnsafeMutablePointer<TapeShelf>
  let table: SlotTable

  init(for image: ProgramImage) {
    frame = .allocate(byteCount: image.frameBytes, alignment: Storage.alignment)
    tapes = .allocate(capacity: 1)
    tapes.initialize(to: TapeShelf())
    record = .allocate(capacity: 1)
    record.initialize(to: RunRecord(tapes: tapes))
    table = image.bind(in: frame, record: record)
  }

  deinit {
    frame.deallocate()
    record.deallocate()
    tapes.pointee.free()
    tapes.deinitialize(count: 1)
    tapes.deallocate()
  }
}
