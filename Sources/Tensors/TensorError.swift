/// A mistake in the use of tensors: what is wrong, with the shapes, and what to do.
public struct TensorError: Error, Equatable, CustomStringConvertible {
  public var message: String
  public var help: String?

  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }

  public var description: String { message }
}
