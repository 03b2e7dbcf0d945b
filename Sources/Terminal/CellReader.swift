/// What the prompt got from the user.
public enum CellInput: Equatable, Sendable {
  case cell(String)
  /// Enter on an empty line, where the reader was asked to say so.
  case blank
  case endOfInput
  /// Ctrl-C dropped the line or the block.
  case dropped
}

/// Puts lines together to cells: it asks for another line as long as the input is incomplete.
public struct CellReader {
  private let lines: any LineReader
  private let isIncomplete: (String) -> Bool

  public init(lines: any LineReader, isIncomplete: @escaping (String) -> Bool) {
    self.lines = lines
    self.isIncomplete = isIncomplete
  }

  /// Reads a cell that is not blank. Ctrl-D in a block ends the waiting: the parser then says what is missing.
  public func read(number: Int) -> CellInput { read(prompt: .cell(number)) }

  /// Reads a cell behind a prompt of its own.
  /// - Parameters:
  ///   - offer: What stands behind the prompt to begin with, to be edited.
  ///   - reportsBlank: Whether an empty line is an answer, too.
  public func read(prompt: Prompt, offering offer: String = "", reportsBlank: Bool = false) -> CellInput {
    var text = ""
    lines.beginContinuation(of: "")
    while true {
      let isFirst = text.isEmpty
      switch lines.readLine(prompt: isFirst ? prompt : prompt.continuation, offering: isFirst ? offer : "") {
      case .interrupted: return .dropped
      case .endOfInput: return text.isEmpty ? .endOfInput : .cell(text)
      case .line(let line):
        let isBlank = line.allSatisfy(\.isWhitespace)
        if text.isEmpty, isBlank {
          if reportsBlank { return .blank }
          continue
        }
        text += text.isEmpty ? Transcript.input(of: line) : "\n" + line
        if !isIncomplete(text) {
          lines.remember(text)
          return .cell(text)
        }
        lines.beginContinuation(of: text)
      }
    }
  }
}
