import Keys
import Tensors

/// A claim, commitment or test that cannot be used as it is: what is wrong, and what to do.
public struct OwnershipError: ExplainedError, Equatable {
  public var message: String
  public var help: String?

  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

// The room Keys knows nothing of tensors, where the protocol lives; its errors are explained as all others.
extension KeyError: ExplainedError {}
