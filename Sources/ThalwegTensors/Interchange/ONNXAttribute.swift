/// A property of an ONNX node.
enum ONNXAttribute {
  case integer(Int)
  case integers([Int])
  case text(String)

  /// The attribute as it is written.
  func message(_ name: String) -> ProtocolMessage {
    var message = ProtocolMessage()
    message.append(1, name)
    switch self {
    case .integer(let value):
      message.append(3, value)
      message.append(20, 2)
    case .text(let text):
      message.append(4, text)
      message.append(20, 3)
    case .integers(let values):
      for value in values { message.append(8, value) }
      message.append(20, 7)
    }
    return message
  }
}
