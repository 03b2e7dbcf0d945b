/// What the resolver knows of something that can be called by name: enough to reject a wrong label before a cell runs.
public struct Signature: Sendable {
  public struct Parameter: Sendable {
    public var label: String
    public var isRequired: Bool

    public init(_ label: String, isRequired: Bool) {
      self.label = label
      self.isRequired = isRequired
    }
  }

  public var name: String
  public var parameters: [Parameter]
  /// Takes any number of positional arguments beyond its parameters (`print`, `max`).
  public var isVariadic: Bool
  /// Takes labels that it does not list (a record-like call); rare.
  public var takesAnyLabel: Bool

  public init(_ name: String, _ parameters: [Parameter], isVariadic: Bool = false, takesAnyLabel: Bool = false) {
    self.name = name
    self.parameters = parameters
    self.isVariadic = isVariadic
    self.takesAnyLabel = takesAnyLabel
  }
}

/// The names that a cell may use before it defines any of its own.
public protocol NameScope {
  /// Every known name, for did-you-mean and completion.
  var names: [String] { get }
  /// Whether the name is bound to anything.
  func contains(_ name: String) -> Bool
  /// How it may be called, if that is known before running (natives, user functions and models).
  func signature(of name: String) -> Signature?
  /// The magics that exist, without the colon.
  var magics: [String] { get }
  /// Whether the name still stands for something built in, so that a user's assignment would hide it.
  func isNative(_ name: String) -> Bool
}

extension NameScope {
  public func isNative(_ name: String) -> Bool { false }
}
