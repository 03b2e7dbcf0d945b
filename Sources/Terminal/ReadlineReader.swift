import CReadline

#if canImport(Glibc)
  import Glibc
#endif

/// Lines from GNU readline on standard input, with history and completion.
///
/// Readline has one state a process: make one reader, and use it from one thread.
public final class ReadlineReader: LineReader {
  /// Proposes whole words for what stands before the cursor, which is counted in characters.
  public typealias Completer = (_ text: String, _ cursor: Int) -> [String]

  private let style: Style
  private let history: HistoryFile?
  private let completer: Completer
  private var earlierLines = ""

  /// - Parameters:
  ///   - style: How the prompt is painted; without paint the line is edited without control sequences, too.
  ///   - history: Where cells are kept between sessions, if anywhere.
  public init(style: Style, history: HistoryFile?, completer: @escaping Completer) {
    self.style = style
    self.history = history
    self.completer = completer
    _ = environmentVariables()  // before readline gets a locale of its own
    // The shim is done with the reader when the process ends, and a prompt lives as long as its process.
    let context = Unmanaged.passRetained(self).toOpaque()
    creadline_start(
      !style.isEnabled,
      { context, text, start, cursor in
        guard let context, let text else { return nil }
        let reader = Unmanaged<ReadlineReader>.fromOpaque(context).takeUnretainedValue()
        return reader.candidates(in: String(cString: text), wordStart: Int(start), cursor: Int(cursor))
      }, context)
    for entry in history?.entries() ?? [] { creadline_remember(entry) }
  }

  public func readLine(prompt: Prompt, offering text: String) -> LineInput {
    var bytes: UnsafeMutablePointer<CChar>?
    defer { free(bytes) }
    switch creadline_read(style.readlinePrompt(prompt), text, &bytes) {
    case creadline_line: return .line(bytes.map { String(cString: $0) } ?? "")
    case creadline_interrupted: return .interrupted
    default: return .endOfInput
    }
  }

  public func remember(_ cell: String) {
    guard history?.append(cell) ?? true else { return }
    creadline_remember(cell)
  }

  public func beginContinuation(of text: String) { earlierLines = text }

  /// Asks the completer about the whole cell, and answers in memory that the shim frees.
  private func candidates(
    in line: String, wordStart: Int, cursor: Int
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    let bytes = line.utf8.prefix(max(cursor, 0))
    let text = (earlierLines.isEmpty ? "" : earlierLines + "\n") + String(decoding: bytes, as: UTF8.self)
    let word = String(decoding: bytes.dropFirst(wordStart), as: UTF8.self)
    // A proposal, such as a path, may begin before what readline takes for the word: only what it adds counts.
    let proposals = completer(text, text.count)
    let typedCount = Completion.overlap(of: text, with: proposals)
    let words = proposals.map { word + $0.dropFirst(typedCount) }
    guard !words.isEmpty, let memory = calloc(words.count + 1, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)
    else { return nil }
    let array = memory.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
    for (index, word) in words.enumerated() { array[index] = strdup(word) }
    return array
  }
}
