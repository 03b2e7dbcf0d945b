/// An error that a user can mend: what is wrong, and what to do about it.
public protocol ExplainedError: Error, CustomStringConvertible {
  var message: String { get }
  var help: String? { get }
}

extension ExplainedError {
  public var description: String { message }
}

/// A mistake in the use of tensors: what is wrong, with the shapes, and what to do.
public struct TensorError: ExplainedError, Equatable {
  public var message: String
  public var help: String?

  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
