/// Why a training stopped.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The loss of a batch is NaN or infinite: the loss, and the epoch and batch, counted from 1.
  case nonFiniteLoss(Double, epoch: Int, batch: Int)
  /// A batch is larger than the data: its size and the number of examples.
  case batchSize(Int, examples: Int)

  public var description: String {
    switch self {
    case .nonFiniteLoss(let loss, let epoch, let batch):
      "the loss became \(loss) in batch \(batch) of epoch \(epoch);"
        + " use a smaller learning rate, or more or shorter steps"
    case .batchSize(let size, let examples):
      "a batch of \(size) cannot be filled from \(examples) examples; use a smaller batch"
    }
  }
}
