/// The part of some data that is trained on, and the part that is not.
public struct DataSplit: Sendable {
  /// The name of the data.
  public let name: String
  /// What is trained on.
  public let training: Dataset
  /// What accuracy is measured on.
  public let test: Dataset

  /// Creates a split.
  public init(name: String, training: Dataset, test: Dataset) {
    self.name = name
    self.training = training
    self.test = test
  }
}
