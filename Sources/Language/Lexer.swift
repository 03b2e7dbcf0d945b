/// Cuts a source into tokens in one pass; what it cannot read becomes a diagnostic and an invalid token.
public struct Lexer {
  /// What the lexer found.
  public struct Result: Sendable {
    /// Ends with `.end`.
    public var tokens: [Token] = []
    public var comments: [Comment] = []
    public var diagnostics: [Diagnostic] = []
    /// The `##` text that stands before a token, by the token's index.
    var documentation: [Int: String] = [:]
  }

  /// What is open where the lexer stands. Newlines, colons and braces mean different things inside a string's `{…}`.
  enum Opening: Equatable {
    case symbol(Symbol)
    case interpolation(StringOpening)
  }

  let source: Source
  let limit: Int
  var offset: Int
  var openings: [Opening] = []
  /// How many of the openings are interpolations that end with their line.
  var lineInterpolations = 0
  var result = Result()
  private var followsSpace = true
  private var pendingNewline: Span?
  private var pendingDocumentation: [String] = []

  /// The tokens of the source, or of a part of it; spans count from the start of the source.
  public static func tokenize(_ source: Source, in span: Span? = nil) -> Result {
    var lexer = Lexer(source: source, span: span ?? Span(0, source.bytes.count))
    lexer.run()
    return lexer.result
  }

  private init(source: Source, span: Span) {
    self.source = source
    limit = min(max(span.end, 0), source.bytes.count)
    offset = min(max(span.start, 0), limit)
  }

  private mutating func run() {
    while offset < limit { scan() }
    closeStringsAtEnd()
    pendingNewline = nil
    emit(.end, Span(limit, limit))
  }

  // MARK: - Looking

  /// The byte at a distance from the current one, or 0 behind the end.
  func byte(_ distance: Int = 0) -> UInt8 {
    let index = offset + distance
    return index < limit ? source.bytes[index] : 0
  }

  var current: UInt8 { byte() }

  func matches(_ text: StaticString) -> Bool {
    guard offset + text.utf8CodeUnitCount <= limit else { return false }
    return text.withUTF8Buffer { expected in
      for index in 0..<expected.count where source.bytes[offset + index] != expected[index] { return false }
      return true
    }
  }

  var isInColumnOne: Bool { offset == 0 || source.bytes[offset - 1] == 0x0A }

  // MARK: - Making

  mutating func emit(_ kind: Token.Kind, _ span: Span) {
    if let newline = pendingNewline {
      if !result.tokens.isEmpty { result.tokens.append(Token(kind: .newline, span: newline, followsSpace: true)) }
      pendingNewline = nil
    }
    if !pendingDocumentation.isEmpty {
      result.documentation[result.tokens.count] = pendingDocumentation.joined(separator: "\n")
      pendingDocumentation = []
    }
    result.tokens.append(Token(kind: kind, span: span, followsSpace: followsSpace))
    followsSpace = false
  }

  mutating func report(_ message: String, _ span: Span, label: String = "", help: String...) {
    result.diagnostics.append(Diagnostic(.error, message, at: span, label: label, help: help, source: source))
  }

  /// Emits what stands between `start` and the current offset.
  mutating func emit(_ kind: Token.Kind, from start: Int) { emit(kind, Span(start, offset)) }

  // MARK: - Scanning

  private mutating func scan() {
    switch current {
    case 0x20, 0x09, 0x0D:
      offset += 1
      followsSpace = true
    case 0x0A: scanNewline()
    case UInt8(ascii: "#"): scanComment()
    case UInt8(ascii: "\""): scanStringStart()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): scanNumber()
    case UInt8(ascii: ":") where isInColumnOne && openings.isEmpty: scanLine(as: .magic)
    case UInt8(ascii: "?") where isInColumnOne && openings.isEmpty: scanLine(as: .help)
    default:
      if let length = nameLength(isStart: true) {
        scanName(firstLength: length)
      } else if !scanSymbol() {
        scanInvalid()
      }
    }
  }

  private mutating func scanNewline() {
    closeStringsAtNewline()
    pendingNewline = pendingNewline ?? Span(offset, offset + 1)
    offset += 1
    followsSpace = true
  }

  mutating func skipToLineEnd() {
    while offset < limit, current != 0x0A { offset += 1 }
  }

  private mutating func scanLine(as kind: Token.Kind) {
    let start = offset
    skipToLineEnd()
    emit(kind, Span(start, source.bytes[offset - 1] == 0x0D ? offset - 1 : offset))
  }

  private mutating func scanComment() {
    let start = offset
    let kind: Comment.Kind =
      if matches("#!/"), start == 0 { .shebang } else if matches("#=>") { .output } else if matches("##") {
        .documentation
      } else { .plain }
    skipToLineEnd()
    let span = Span(start, offset)
    result.comments.append(Comment(kind: kind, span: span))
    if kind == .documentation {
      let text = source.text(in: span).drop { $0 == "#" }.drop { $0 == " " }
      pendingDocumentation.append(String(text.filter { !$0.isNewline && $0 != "\r" }))
    }
    followsSpace = true
  }

  private mutating func scanName(firstLength: Int) {
    let start = offset
    offset += firstLength
    while let length = nameLength(isStart: false) { offset += length }
    let keyword = Keyword(rawValue: source.text(in: Span(start, offset)))
    emit(keyword.map(Token.Kind.keyword) ?? .name, from: start)
  }

  private mutating func scanSymbol() -> Bool {
    guard let found = Symbol.byLength.first(where: { starts(with: $0.bytes) }) else { return false }
    let start = offset
    switch (found.symbol, openings.last) {
    case (.colon, .interpolation(let string)):
      scanFormat(of: string)
      return true
    case (.closeBrace, .interpolation(let string)):
      closeInterpolation(of: string)
      offset += 1
      emit(.interpolationEnd, from: start)
      scanStringBody(of: string)
      return true
    case (.openParenthesis, _), (.openBracket, _), (.openBrace, _):
      openings.append(.symbol(found.symbol))
    case (.closeParenthesis, .symbol(.openParenthesis)), (.closeBracket, .symbol(.openBracket)),
      (.closeBrace, .symbol(.openBrace)):
      openings.removeLast()
    default: break
    }
    offset += found.bytes.count
    emit(.symbol(found.symbol), from: start)
    return true
  }

  private func starts(with bytes: [UInt8]) -> Bool {
    for (distance, expected) in bytes.enumerated() where byte(distance) != expected { return false }
    return true
  }
}
