import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

enum MatrixMultiply: OperationLaw {
  private static func product(
    _ a: Shape, _ b: Shape, to result: Shape, transposed: (Bool, Bool) = (false, false)
  ) -> OperationCase {
    let (inA, inB) = transposed
    let label = "\(a)\(inA ? "ᵀ" : "") \(b)\(inB ? "ᵀ" : "")"
    return OperationCase(label, [.random(a, seed: 51), .random(b, seed: 52)]) { x in
      matmul(inA ? x[0].transposed : x[0], inB ? x[1].transposed : x[1])
    } expected: { _ in
      let x = Tensor.random(a, seed: 51)
      let y = Tensor.random(b, seed: 52)
      return product(inA ? x.transposed : x, inB ? y.transposed : y, to: result)
    }.with(double: 1e-14, single: 1e-5)
  }

  /// The sum over products of rows and columns; a vector is a row on the left, a column else.
  private static func product(_ a: Tensor, _ b: Tensor, to result: Shape) -> Tensor {
    let left = Numbers(a.rank == 1 ? a.expanded(at: 0) : a)
    let right = Numbers(b.rank == 1 ? b.expanded(at: 1) : b)
    let inner = left.shape[left.shape.rank - 1]
    return tabulated(result) { index in
      var index = index
      if b.rank == 1 { index.append(0) }
      if a.rank == 1 { index.insert(0, at: index.count - 1) }
      let (batch, row, column) = (index.dropLast(2), index[index.count - 2], index[index.count - 1])
      return (0..<inner).reduce(0) { sum, k in
        sum + left.broadcast(at: batch.suffix(left.shape.rank - 2) + [row, k])
          * right.broadcast(at: batch.suffix(right.shape.rank - 2) + [k, column])
      }
    }
  }

  private static let ranks = [
    product([4], [4], to: []), product([4], [4, 3], to: [3]), product([2, 4], [4], to: [2]),
    product([2, 4], [4, 3], to: [2, 3]), product([5, 2, 4], [4, 3], to: [5, 2, 3]),
    product([2, 4], [5, 4, 3], to: [5, 2, 3]), product([5, 2, 4], [5, 4, 3], to: [5, 2, 3]),
    product([6, 1, 2, 4], [5, 4, 3], to: [6, 5, 2, 3]), product([4], [5, 4, 3], to: [5, 3]),
    product([5, 2, 4], [4], to: [5, 2]), product([1, 2, 4], [5, 4, 3], to: [5, 2, 3]),
    product([6, 5, 2, 4], [4, 3], to: [6, 5, 2, 3]),
  ]

  /// Sizes below, at and above those of vectors and tiles.
  private static let sizes = [
    [1, 1, 1], [1, 7, 1], [3, 1, 5], [2, 2, 2], [5, 3, 7], [4, 4, 4], [1, 64, 9], [9, 64, 1],
    [17, 33, 13], [33, 17, 65], [64, 48, 64], [8, 3, 200], [200, 3, 8], [3, 0, 2], [0, 3, 2],
  ].flatMap { size in
    let (m, k, n) = (size[0], size[1], size[2])
    return [
      product([m, k], [k, n], to: [m, n]),
      product([k, m], [k, n], to: [m, n], transposed: (true, false)),
      product([m, k], [n, k], to: [m, n], transposed: (false, true)),
      product([k, m], [n, k], to: [m, n], transposed: (true, true)),
    ]
  }

  private static let batches = [
    product([5, 4, 2], [5, 3, 4], to: [5, 2, 3], transposed: (true, true)),
    product([5, 2, 4], [3, 4], to: [5, 2, 3], transposed: (false, true)),
    product([4, 2], [5, 3, 4], to: [5, 2, 3], transposed: (true, true)),
  ]

  static let cases = ranks + sizes + batches
}

enum Convolution: OperationLaw {
  private struct Form {
    var image: Shape = [2, 4, 7, 6]
    var kernel: Shape
    var stride = 1
    var padding: Int?
    var boundary = Boundary.zero
    var groups = 1

    var label: String {
      "\(image) \(kernel) stride \(stride) padding \(padding.map { "\($0)" } ?? "half")"
        + " \(boundary) groups \(groups)"
    }

    /// The pixel of an axis at a place that may lie outside.
    func pixel(_ place: Int, of extent: Int) -> Int? {
      if (0..<extent).contains(place) { return place }
      return boundary == .zero ? nil : ((place % extent) + extent) % extent
    }

    func result(_ x: Numbers, _ w: Numbers) -> Tensor {
      let (top, left) = (padding ?? kernel[2] / 2, padding ?? kernel[3] / 2)
      let height = (image[2] + 2 * top - kernel[2]) / stride + 1
      let width = (image[3] + 2 * left - kernel[3]) / stride + 1
      return tabulated([image[0], kernel[0], height, width]) { index in
        let group = index[1] / (kernel[0] / groups)
        return indices(of: [kernel[1], kernel[2], kernel[3]]).reduce(0) { sum, tap in
          guard let i = pixel(index[2] * stride + tap[1] - top, of: image[2]),
            let j = pixel(index[3] * stride + tap[2] - left, of: image[3])
          else { return sum }
          return sum + x[[index[0], group * kernel[1] + tap[0], i, j]] * w[[index[1]] + tap]
        }
      }
    }

    var law: OperationCase {
      let form = self
      let inputs: [Tensor] = [.random(image, seed: 53), .random(kernel, seed: 54)]
      return OperationCase(label, inputs) {
        convolution(
          $0[0], $0[1], stride: form.stride, padding: form.padding, boundary: form.boundary,
          groups: form.groups)
      } expected: {
        form.result($0[0], $0[1])
      }.with(double: 1e-13, single: 1e-5)
    }
  }

  private static let kernels = [[1, 1], [3, 3], [5, 5], [2, 2], [4, 2], [3, 1], [1, 4]]

  private static let forms = kernels.flatMap { size in
    [1, 2].flatMap { stride in
      Boundary.allCases.flatMap { boundary in
        [1, 2].map { groups in
          Form(
            kernel: [6, 4 / groups, size[0], size[1]], stride: stride, boundary: boundary,
            groups: groups)
        }
      }
    }
  }

  private static let others = [
    Form(kernel: [6, 4, 3, 3], padding: 0), Form(kernel: [6, 4, 3, 3], stride: 3, padding: 2),
    Form(kernel: [4, 1, 3, 3], groups: 4),
    // The kernel goes round a periodic image more than once.
    Form(image: [1, 1, 2, 3], kernel: [2, 1, 5, 5], boundary: .periodic),
    Form(image: [1, 1, 2, 3], kernel: [2, 1, 5, 5], padding: 7, boundary: .periodic),
    Form(image: [1, 2, 3, 3], kernel: [2, 2, 3, 3], stride: 2, padding: 5),
    // Long enough for several blocks of columns.
    Form(image: [1, 8, 40, 40], kernel: [24, 8, 3, 3]),
    Form(image: [1, 8, 40, 40], kernel: [24, 8, 3, 3], stride: 2, boundary: .periodic),
    Form(image: [0, 4, 7, 6], kernel: [6, 4, 3, 3]),
  ]

  static let cases = (forms + others).map(\.law) + transposed + pools

  private static let transposed = [1, 2].flatMap { stride in
    [3, 4].map { size in
      let shapes: [Shape] = [[2, 6, 4, 4], [6, 2, size, size]]
      let label = "transposed, stride \(stride), \(size)×\(size)"
      return OperationCase(label, [.random(shapes[0], seed: 55), .random(shapes[1], seed: 56)]) {
        transposedConvolution($0[0], $0[1], stride: stride, groups: 2)
      } expected: {
        spread($0[0], $0[1], stride: stride)
      }
    }
  }

  /// Every pixel of y adds its filter to the image.
  private static func spread(_ y: Numbers, _ w: Numbers, stride: Int) -> Tensor {
    let (size, pad) = (w.shape[2], w.shape[2] / 2)
    let length = (y.shape[2] - 1) * stride + size - 2 * pad
    var image: [[Int]: Double] = [:]
    for place in indices(of: y.shape) {
      for tap in indices(of: [2, size, size]) {
        let channel = place[1] / 3 * 2 + tap[0]
        let pixel = [place[2] * stride + tap[1] - pad, place[3] * stride + tap[2] - pad]
        image[[place[0], channel] + pixel, default: 0] += y[place] * w[[place[1]] + tap]
      }
    }
    return tabulated([2, 4, length, length]) { image[$0] ?? 0 }
  }

  private static let pools = [
    OperationCase("averagePool", [.random([2, 3, 4, 6], seed: 57)]) {
      averagePool($0[0], size: 2)
    } expected: { x in
      tabulated([2, 3, 2, 3]) { index in
        indices(of: [2, 2]).reduce(0) { sum, tap in
          sum + x[0][[index[0], index[1], 2 * index[2] + tap[0], 2 * index[3] + tap[1]]] / 4
        }
      }
    }
  ]
}
