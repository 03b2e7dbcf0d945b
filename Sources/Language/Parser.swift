/// Makes the tree of a source: recursive descent, one file per area of the grammar (README.md holds the whole).
///
/// A production that fails throws; the statement around it records the diagnostic and goes on at the next line, so
/// that one pass reports several errors.
public struct Parser {
  /// Leaves a production; the diagnostic is none where the lexer has already said what is wrong.
  struct Failure: Error {
    var diagnostic: Diagnostic?
  }

  /// How deep productions may nest, and how high the tree may grow, so that no input exhausts the stack.
  static let nestingLimit = 200
  static let heightLimit = 600

  let source: Source
  let tokens: [Token]
  let documentation: [Int: String]
  var position = 0
  var nesting = 0
  /// True inside ( ), [ ] and records, where a line end is white space.
  var skipsNewlines = false
  /// The rest of the cell is not parsed: it nests too deeply for more errors to mean anything.
  var isAbandoned = false
  var diagnostics: [Diagnostic]

  init(_ source: Source, in span: Span? = nil) {
    let result = Lexer.tokenize(source, in: span)
    self.source = source
    tokens = result.tokens
    documentation = result.documentation
    diagnostics = result.diagnostics
  }

  /// The diagnostics in the order of the source; an open string leaves nothing more to say about the end.
  var orderedDiagnostics: [Diagnostic] {
    let openString = diagnostics.first { $0.isIncompleteInput && $0.labels.first?.span.start != endOfInput }
    let kept = openString == nil ? diagnostics : diagnostics.filter { $0.labels.first?.span.start != endOfInput }
    return kept.enumerated()
      .map { (start: $0.element.labels.first?.span.start ?? 0, order: $0.offset, diagnostic: $0.element) }
      .sorted { ($0.start, $0.order) < ($1.start, $1.order) }
      .map(\.diagnostic)
  }

  private var endOfInput: Int { tokens.last?.span.start ?? 0 }

  // MARK: - Looking

  /// The index of the next token that counts.
  var index: Int {
    skipsNewlines && tokens[position].kind == .newline ? position + 1 : position
  }

  var current: Token { tokens[index] }

  /// The kind of the token behind the current one.
  var following: Token.Kind { kind(at: index + 1) }

  /// The kind of a token by index, line ends skipped where they are white space; `.end` behind the last.
  func kind(at index: Int) -> Token.Kind {
    guard index < tokens.count else { return .end }
    if skipsNewlines, tokens[index].kind == .newline { return kind(at: index + 1) }
    return tokens[index].kind
  }

  func isAt(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }
  func isAt(_ keyword: Keyword) -> Bool { current.kind == .keyword(keyword) }

  /// Where the last consumed token ends.
  var previousEnd: Int {
    var index = position - 1
    while index >= 0, tokens[index].kind == .newline { index -= 1 }
    return index >= 0 ? tokens[index].span.end : current.span.start
  }

  // MARK: - Consuming

  @discardableResult
  mutating func advance() -> Token {
    let token = current
    position = min(index + 1, tokens.count - 1)
    return token
  }

  mutating func accept(_ symbol: Symbol) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  mutating func accept(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  /// A line end behind an operator, a comma, `=` or `->` is white space.
  mutating func skipNewline() {
    if tokens[position].kind == .newline { position += 1 }
  }

  @discardableResult
  mutating func expect(_ symbol: Symbol, _ context: String) throws -> Token {
    guard isAt(symbol) else { throw unexpected("'\(symbol.rawValue)' \(context)") }
    return advance()
  }

  mutating func expectName(_ what: String) throws -> Name {
    guard current.kind == .name else { throw unexpected(what) }
    let token = advance()
    return Name(source.text(in: token.span), token.span)
  }

  // MARK: - Failing

  /// The failure of finding something else than what the grammar wants.
  func unexpected(_ wanted: String) -> Failure {
    let token = current
    if token.kind == .invalid { return Failure(diagnostic: nil) }
    var diagnostic = Diagnostic(
      .error, "expected \(wanted), found \(description(of: token))", at: token.span,
      help: help(for: token, insteadOf: wanted), source: source)
    diagnostic.isIncompleteInput = token.kind == .end
    return Failure(diagnostic: diagnostic)
  }

  func failure(_ message: String, _ span: Span, label: String = "", help: String...) -> Failure {
    Failure(diagnostic: Diagnostic(.error, message, at: span, label: label, help: help, source: source))
  }

  private func description(of token: Token) -> String {
    switch token.kind {
    case .end: "the end of the input"
    case .newline: "the end of the line"
    case .stringStart, .stringText, .stringEnd: "a string"
    case .format: "a format"
    case .interpolationStart, .interpolationEnd: "'\(token.kind == .interpolationStart ? "{" : "}")'"
    case .keyword(let keyword): "the reserved word '\(keyword.rawValue)'"
    case .name, .number, .symbol, .magic, .help, .invalid: "'\(String(source.text(in: token.span).prefix(40)))'"
    }
  }

  /// What was probably meant where an expression could have ended.
  private func help(for token: Token, insteadOf wanted: String) -> [String] {
    let previous = position > 0 ? tokens[position - 1].kind : .newline
    if previous == .name, let help = ForeignWords.help(forStatement: source.text(in: tokens[position - 1].span)) {
      return [help]
    }
    switch (previous, token.kind) {
    case (.name, .symbol(.openParenthesis)) where token.followsSpace:
      return ["a call has no space before '('"]
    case (.name, .number), (.name, .name), (.name, .stringStart):
      return ["a call is written f(x); two statements stand on two lines or with ';' between them"]
    case (_, .symbol(.assign)):
      return ["to compare, write '=='; an assignment stands at the start of a statement"]
    case (_, .symbol(.colon)) where wanted.hasPrefix("'{'"):
      return ["a body stands in braces: { ... }"]
    case (.newline, .symbol(.colon)), (.newline, .help):
      return ["commands and questions begin in column 1, as :vars and ?mean do"]
    default: return []
    }
  }

  // MARK: - Depth

  /// Runs a production one level deeper.
  mutating func nested<Value>(_ body: (inout Parser) throws -> Value) throws -> Value {
    guard nesting < Self.nestingLimit else {
      let span = current.span
      position = tokens.count - 1
      isAbandoned = true
      throw failure("this nests more than \(Self.nestingLimit) levels deep", span, help: "give the inner parts names")
    }
    nesting += 1
    defer { nesting -= 1 }
    return try body(&self)
  }

  /// Runs a production in which line ends are white space, or are not.
  mutating func withNewlinesSkipped<Value>(_ skips: Bool, _ body: (inout Parser) throws -> Value) throws -> Value {
    let outer = skipsNewlines
    skipsNewlines = skips
    defer { skipsNewlines = outer }
    return try body(&self)
  }

  /// Makes a node that ends where the last token ended.
  func node(_ kind: Expression.Kind, from start: Int) throws -> Expression {
    let expression = Expression(kind, Span(start, max(start, previousEnd)))
    guard expression.height <= Self.heightLimit else {
      throw failure(
        "this expression has more than \(Self.heightLimit) levels", expression.span, help: "give its parts names")
    }
    return expression
  }
}
