import ThalwegKernels
import ThalwegNetworks

extension Dataset {
  /// Some of the images, in the given order, as a data set of their own.
  ///
  /// - Errors: traps where there is no image of an index.
  public func selecting(_ indices: [Int]) -> Dataset {
    let size = channels * height * width
    var (chosen, labels): ([UInt8], [UInt8]) = ([], [])
    chosen.reserveCapacity(indices.count * size)
    for index in indices {
      require(classes.indices.contains(index), "dataset: no image \(index) of \(count)")
      chosen += pixels[index * size..<(index + 1) * size]
      labels.append(classes[index])
    }
    let dataset = Dataset(
      pixels: chosen, classes: labels, channels: channels, height: height, width: width,
      classCount: classCount, maximum: maximum, classNames: classNames)
    return isStandardized ? dataset.standardized() : dataset
  }

  /// The images in two parts: some that a seed chooses are kept from training.
  ///
  ///     let (training, kept) = data.training.split(keeping: 0.2, seed: 0)
  ///
  /// Both parts are in the order of the data set.
  ///
  /// - Errors: traps where the share is not from 0 to 1.
  public func split(
    keeping share: Double, seed: UInt64
  ) -> (training: Dataset, kept: Dataset) {
    require((0...1).contains(share), "dataset: a share of \(share) is not from 0 to 1")
    var order = Array(0..<count)
    // Weights and the order of examples have purposes of their own: see Batches.
    var random = RandomSequence(seed: seed, purpose: 3)
    order.shuffle(using: &random)
    let number = Int((share * Double(count)).rounded())
    return (
      selecting(order.dropFirst(number).sorted()), selecting(order.prefix(number).sorted())
    )
  }
}
