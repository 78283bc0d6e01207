/// Stops the program with a message where a condition does not hold.
///
///     require(a.shape == b.shape, "add: shapes \(a.shape) and \(b.shape) differ")
///
/// Unlike `precondition`, it says why in release builds too. The message is only formed where the
/// program stops.
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  guard condition else { fatalError(message(), file: file, line: line) }
}
