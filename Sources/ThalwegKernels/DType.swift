/// The type of a tensor's elements.
///
/// It is a property of the value, like the shape, so that dynamics written as a closure need no
/// generic parameter: `ODE { t, y in -y }` runs in either precision.
public enum DType: String, Hashable, Sendable, BitwiseCopyable, CaseIterable,
  CustomStringConvertible
{
  /// IEEE 754 single precision, Swift's `Float`.
  case float32
  /// IEEE 754 double precision, Swift's `Double`.
  case float64

  /// The size of an element in bytes.
  public var size: Int { self == .float32 ? 4 : 8 }

  public var description: String { rawValue }
}
