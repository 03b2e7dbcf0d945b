/// What went wrong, thrown where the place in the source is not known; the evaluator adds it.
public struct Failure: Error, Sendable, CustomStringConvertible {
  /// One line, lower case, no full stop.
  public var message: String
  /// The parameter whose argument is at fault, so that the span points at it.
  public var argument: String?
  /// What to do, one line each.
  public var help: [String]

  public init(_ message: String, argument: String? = nil, help: String...) {
    self.message = message
    self.argument = argument
    self.help = help
  }

  public var description: String { message }
}

/// Thrown by whatever polls `Session.checkInterrupt` once the user has pressed Ctrl-C.
public struct Interrupted: Error, Sendable {
  public init() {}
}

/// Thrown by `:quit`.
struct Quit: Error, Sendable {
  var code: Int32
}
