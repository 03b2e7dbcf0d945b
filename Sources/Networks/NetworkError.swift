import Tensors

/// A mistake in composing, loading or running a network: what is wrong and what to do.
public struct NetworkError: ExplainedError, Equatable {
  public var message: String
  public var help: String?

  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
