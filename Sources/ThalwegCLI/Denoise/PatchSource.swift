import ThalwegNetworks
import ThalwegTensors

/// Where the patches of a training come from.
protocol PatchSource {
  /// The sides of a patch: one for signals and two for images.
  var sides: [Int] { get }
  /// Random patches, `[count, 1]` and the sides.
  func batch(of count: Int, _ random: inout RandomSequence) -> Tensor
}

/// Patches of images, some of them mirrored or turned.
struct ImagePatches: PatchSource {
  let sides: [Int]
  private let images: [(height: Int, width: Int, values: [Float])]

  /// Creates a source of square patches of grey images `[height, width]`.
  init(_ images: [Tensor], side: Int) {
    sides = [side, side]
    self.images = images.map { ($0.shape[0], $0.shape[1], $0.floats) }
  }

  func batch(of count: Int, _ random: inout RandomSequence) -> Tensor {
    let side = sides[0]
    var values: [Float] = []
    values.reserveCapacity(count * side * side)
    for _ in 0..<count {
      let image = images[Int.random(in: 0..<images.count, using: &random)]
      let top = Int.random(in: 0...image.height - side, using: &random)
      let left = Int.random(in: 0...image.width - side, using: &random)
      let (isTurned, isMirrored) = (Bool.random(using: &random), Bool.random(using: &random))
      for i in 0..<side {
        for j in 0..<side {
          let (a, b) = isTurned ? (j, i) : (i, j)
          values.append(
            image.values[(top + a) * image.width + left + (isMirrored ? side - 1 - b : b)])
        }
      }
    }
    return Tensor(values, shape: [count, 1, side, side])
  }
}
