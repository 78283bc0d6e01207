import ThalwegKernels

/// Writes a strided view out as a row-major array; plans insert it where a kernel needs one.
///
/// Copies with different `tag` are never merged.
struct Contiguous: ElementwiseOperation {
  var tag = 0

  var name: String { "copy" }
  var code: ChainOperation { .copy }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] { tangents }
  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] { cotangents }
}
