/// What one attempt to read a line gave.
public enum LineInput: Equatable, Sendable {
  case line(String)
  /// Ctrl-D on an empty line, or the end of a file.
  case endOfInput
  /// Ctrl-C: whatever was typed is dropped.
  case interrupted
}

/// Where the prompt gets its lines from: readline at a terminal, a list in tests, another front end later.
public protocol LineReader: AnyObject {
  /// Shows the prompt with a text behind it that may be edited, and waits for a line, without its line break. A text
  /// or a paste of several lines is one line.
  func readLine(prompt: Prompt, offering text: String) -> LineInput

  /// Puts a finished cell, possibly of several lines, into the history.
  func remember(_ cell: String)

  /// Tells completion what was already typed of the cell, so that it can see the call it stands in.
  func beginContinuation(of text: String)
}

/// The text in front of a line: a visible text and the way it is painted.
public struct Prompt: Equatable, Sendable {
  public var text: String
  public var paint: Paint

  public init(_ text: String, _ paint: Paint) {
    self.text = text
    self.paint = paint
  }

  /// `passbook 3> `
  public static func cell(_ number: Int) -> Prompt { Prompt("passbook \(number)> ", .bold) }

  /// `        ... `, as wide as the prompt that it continues.
  public var continuation: Prompt {
    Prompt(String(repeating: " ", count: max(text.utf8.count - 4, 0)) + "... ", .dim)
  }
}
