import ThalwegTensors

/// All that a training needs in order to go on: weights, what the optimizer remembers, progress.
///
///     try Checkpoint(of: trainer, note: configuration).write(to: "weights.safetensors")
///
///     try Checkpoint(contentsOf: "weights.safetensors").restore(&trainer)
///
/// It is one safetensors file: the tensors of the model are named `model.` and their path in the
/// tree, those of the optimizer `optimizer.` and theirs, those of the best model so far `best.`; the
/// rest is in the metadata. Equal states give equal files.
///
/// - Errors: ``CheckpointError`` where the file does not fit the training it is restored to.
public struct Checkpoint: Sendable {
  /// The tensors and the metadata.
  public let file: Safetensors
  /// How far the training had come.
  public let progress: TrainingProgress
  /// The seed of the training.
  public let seed: UInt64
  /// What the program that wrote it has to say, such as its configuration.
  public let note: String
  /// The file it was read from.
  private let path: String

  /// What the format is called in the metadata.
  private static let format = "thalweg-1"

  /// Creates the checkpoint of a training.
  public init<Model, Method>(of trainer: Trainer<Model, Method>, note: String = "") {
    var tensors: [String: Tensor] = [:]
    for (prefix, tree) in Self.trees(of: trainer) {
      let list = tree.leafList
      for (path, tensor) in zip(list.paths, list.tensors) { tensors["\(prefix).\(path)"] = tensor }
    }
    progress = trainer.progress
    seed = trainer.options.seed
    self.note = note
    path = ""
    // The shortest decimal form of a Double is read back as the same number.
    var metadata = [
      "format": Self.format, "epoch": "\(progress.epoch)", "batch": "\(progress.batch)",
      "updates": "\(progress.updates)", "loss_sum": "\(progress.lossSum)",
      "accuracy_sum": "\(progress.accuracySum)", "penalty_sum": "\(progress.penaltySum)",
      "best_epoch": "\(progress.bestEpoch)", "best_accuracy": "\(progress.bestAccuracy)",
      "seed": "\(seed)", "note": note,
    ]
    metadata["last_loss"] = progress.lastLoss.map { "\($0)" }
    file = Safetensors(tensors, metadata: metadata)
  }

  /// Reads a checkpoint.
  public init(contentsOf path: String) throws(CheckpointError) {
    do {
      try self.init(try Safetensors(contentsOf: path), path: path)
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw CheckpointError.file(error as? SafetensorsError ?? .init(path, .unreadable("\(error)")))
    }
  }

  /// Writes the file, in place of one of the same name once it is complete.
  public func write(to path: String) throws(FileError) { try file.write(to: path) }

  /// Interprets the contents of a file.
  init(_ file: Safetensors, path: String) throws(CheckpointError) {
    func word<Value: LosslessStringConvertible>(
      _ name: String, _ isLegal: (Value) -> Bool
    ) throws(CheckpointError) -> Value {
      guard let text = file.metadata[name], let value = Value(text), isLegal(value) else {
        throw .metadata(path: path, name: name, found: file.metadata[name])
      }
      return value
    }
    let _: String = try word("format") { $0 == Self.format }
    var progress = TrainingProgress()
    progress.epoch = try word("epoch") { $0 >= 0 }
    progress.batch = try word("batch") { $0 >= 0 }
    progress.updates = try word("updates") { $0 >= 0 }
    progress.lossSum = try word("loss_sum") { $0.isFinite }
    progress.accuracySum = try word("accuracy_sum") { $0.isFinite }
    progress.penaltySum = try word("penalty_sum") { $0.isFinite }
    progress.bestEpoch = try word("best_epoch") { $0 >= 0 }
    progress.bestAccuracy = try word("best_accuracy") { (0...1).contains($0) }
    if file.metadata["last_loss"] != nil {
      progress.lastLoss = try word("last_loss") { $0.isFinite }
    }
    seed = try word("seed") { _ in true }
    note = file.metadata["note"] ?? ""
    self.progress = progress
    self.file = file
    self.path = path
  }

  private static func trees<Model, Method>(
    of trainer: Trainer<Model, Method>
  ) -> [(prefix: String, tree: any TensorTree)] {
    [("model", trainer.model), ("optimizer", trainer.optimizer)]
      + (trainer.best.map { [("best", $0)] } ?? [])
  }

  /// Puts a training of the same structure in the state of the checkpoint.
  ///
  /// - Errors: where a tensor is missing, has another shape, or has no place.
  public func restore<Model, Method>(
    _ trainer: inout Trainer<Model, Method>
  ) throws(CheckpointError) {
    var restored = trainer
    restored.model = try tree(like: trainer.model, "model")
    restored.optimizer = try tree(like: trainer.optimizer, "optimizer")
    restored.best = progress.bestEpoch > 0 ? try tree(like: trainer.model, "best") : nil
    restored.progress = progress
    let known = Set(
      Self.trees(of: restored).flatMap { prefix, tree in
        tree.leafList.paths.map { "\(prefix).\($0)" }
      })
    if let surplus = file.tensors.keys.filter({ !known.contains($0) }).min() {
      throw .tensor(path: path, name: surplus, found: "it", expected: "no such tensor")
    }
    trainer = restored
  }

  /// A tree of the structure of another with the tensors of the file.
  private func tree<Tree: TensorTree>(
    like tree: Tree, _ prefix: String
  ) throws(CheckpointError) -> Tree {
    let list = tree.leafList
    var leaves: [Tensor] = []
    for (path, leaf) in zip(list.paths, list.tensors) {
      let name = "\(prefix).\(path)"
      guard let tensor = file.tensors[name], tensor.type == leaf.type else {
        throw .tensor(
          path: self.path, name: name,
          found: file.tensors[name].map { "\($0.type)" } ?? "nothing", expected: "\(leaf.type)")
      }
      leaves.append(tensor)
    }
    return tree.replacingLeaves(with: leaves)
  }
}
