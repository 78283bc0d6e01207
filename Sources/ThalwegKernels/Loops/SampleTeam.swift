import CThalwegKernels

/// The samples of a walk, which the threads of the pool take piece by piece.
///
/// A thread has a frame of its own, and a piece a record; records are added up in the order of the
/// pieces, so that nothing depends on the number of threads.
struct SampleTeam {
  /// What became of a piece.
  struct Report: BitwiseCopyable {
    var record: RunRecord
    var stability = StabilityCounts()
    var status: Int32 = 0
  }

  let samples: Int
  /// How many pieces there are; they do not depend on the number of threads.
  let pieces: Int
  private let record: UnsafeMutablePointer<RunRecord>
  private let reports: UnsafeMutablePointer<Report>

  /// Finds the reports in their buffer.
  init(
    _ image: TeamImage, samples: Int, _ slots: GridWalk.Slots,
    _ record: UnsafeMutablePointer<RunRecord>
  ) {
    self.samples = samples
    pieces = image.pieces
    self.record = record
    // Even an empty team has one report.
    let memory = slots[Int(image.reports)] ?? UnsafeMutableRawPointer(record)
    reports = memory.assumingMemoryBound(to: Report.self)
  }

  /// The record of a piece.
  func record(of report: UnsafeMutablePointer<Report>) -> UnsafeMutablePointer<RunRecord> {
    // The first member of a report.
    UnsafeMutableRawPointer(report).assumingMemoryBound(to: RunRecord.self)
  }

  /// The samples of a piece.
  func samples(of piece: Int) -> Range<Int> {
    samples * piece / pieces..<samples * (piece + 1) / pieces
  }

  /// Does all pieces, each with a frame and a report; 0 means success of all.
  func work(
    _ image: TeamImage, in frame: UnsafeMutableRawPointer,
    _ body: (Int, UnsafeMutableRawPointer, UnsafeMutablePointer<Report>) -> Int32
  ) -> Int32 {
    for piece in 0..<pieces {
      (reports + piece).initialize(to: Report(record: RunRecord(tapes: record.pointee.tapes)))
    }
    distribute(image, frame) { piece, frame in
      let report = reports + piece
      report.pointee.status = body(piece, frame, report)
    }
    for piece in 0..<pieces {
      record.pointee.counts.add(reports[piece].record.counts)
      guard reports[piece].status != 0 else { continue }
      record.pointee.failure = reports[piece].record.failure
      return reports[piece].status
    }
    return 0
  }

  /// What keeping steps within a stability region took.
  var stability: StabilityCounts {
    var counts = StabilityCounts()
    for piece in 0..<pieces { counts.add(reports[piece].stability) }
    return counts
  }

  private func distribute(
    _ image: TeamImage, _ frame: UnsafeMutableRawPointer,
    _ body: (Int, UnsafeMutableRawPointer) -> Void
  ) {
    guard pieces > 1, !image.isSerial else {
      for piece in 0..<pieces { body(piece, frame) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var job = Job(body: body)
      withUnsafeMutablePointer(to: &job) {
        tw_parallel(Int64(pieces), runPiece, $0, Int64(image.frameBytes), frame)
      }
    }
  }

  fileprivate struct Job {
    let body: (Int, UnsafeMutableRawPointer) -> Void
  }
}

private let runPiece: tw_body = { context, piece, _, memory in
  guard let context, let memory else { return }
  context.assumingMemoryBound(to: SampleTeam.Job.self).pointee.body(Int(piece), memory)
}

/// What a team needs to know, as plain addresses.
struct TeamImage: BitwiseCopyable {
  var pieces: Int
  var frameBytes: Int
  /// Whether threads would come into each other's way.
  var isSerial: Bool
  /// The slot of the reports.
  var reports: Int32
}

extension ProgramBuilder {
  /// Reserves the reports of a team; a piece is at least one sample.
  ///
  /// Programs that record walks of their own share the tapes of the run, and are not run at once.
  mutating func team(
    samples: Int, mostPieces: Int = .max, frameBytes: Int, of programs: [Program],
    isSerial: Bool = false
  ) -> (image: TeamImage, slot: Slot) {
    let pieces = Swift.min(samples, mostPieces)
    let slot = temporary(
      bytes: Swift.max(pieces, 1) * MemoryLayout<SampleTeam.Report>.stride)
    let image = TeamImage(
      pieces: pieces, frameBytes: frameBytes,
      isSerial: isSerial || programs.contains { $0.recordsWalks }, reports: slot.index)
    return (image, slot)
  }
}
