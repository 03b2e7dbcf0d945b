import Language

/// Says what each piece of a source is, from the lexer's own tokens; it reads anything, also what does not parse.
public enum Highlighter {
  /// Spans in the order of the source that do not overlap; what lies between them (names, brackets, space) is plain.
  ///
  /// - Parameter part: a part that begins outside of strings, such as a cell or a statement; all if nil.
  public static func spans(of source: Source, in part: Span? = nil) -> [HighlightedSpan] {
    let part = source.clamped(part)
    var found: [HighlightedSpan] = []
    var start = part.start
    let firstLine = source.line(of: start) + 1
    // A cell is read alone, as the parser does: a string left open in one must not swallow the next.
    for lineStart in source.lineStarts[min(firstLine, source.lineStarts.count)...] {
      guard lineStart < part.end else { break }
      guard Parser.isCellMarker(source, at: lineStart) else { continue }
      append(cell: Span(start, lineStart), of: source, to: &found)
      start = lineStart
    }
    append(cell: Span(start, part.end), of: source, to: &found)
    return found
  }

  /// The text of a part in pieces: each with its class, or none where it is plain; joined they are the part.
  public static func pieces(of source: Source, in part: Span? = nil) -> [(kind: HighlightClass?, text: String)] {
    let part = source.clamped(part)
    var pieces: [(kind: HighlightClass?, text: String)] = []
    var position = part.start
    for highlighted in spans(of: source, in: part) {
      if position < highlighted.span.start {
        pieces.append((nil, source.text(in: Span(position, highlighted.span.start))))
      }
      pieces.append((highlighted.kind, source.text(in: highlighted.span)))
      position = highlighted.span.end
    }
    if position < part.end { pieces.append((nil, source.text(in: Span(position, part.end)))) }
    return pieces
  }

  private static func append(cell: Span, of source: Source, to found: inout [HighlightedSpan]) {
    guard cell.start < cell.end else { return }
    let hasHeader = Parser.isCellMarker(source, at: cell.start) && isLineStart(cell.start, in: source)
    let isMarkdown = hasHeader && Parser.header(of: source, at: cell.start).isMarkdown
    let result = Lexer.tokenize(source, in: cell)
    let comments = result.comments.map { comment in
      let isHeader = hasHeader && comment.span.start == cell.start
      let kind = isHeader ? .header : isMarkdown ? .markdown : HighlightClass(comment.kind)
      return HighlightedSpan(kind, source.withoutCarriageReturn(comment.span))
    }
    // Both are in order: merged, the result is too.
    var rest = comments[...]
    for (index, token) in result.tokens.enumerated() where token.span.start < token.span.end {
      guard let kind = kind(ofTokenAt: index, in: result.tokens) else { continue }
      while let comment = rest.first, comment.span.start < token.span.start { found.append(rest.removeFirst()) }
      if let last = found.last, last.kind == kind, last.span.end == token.span.start {
        found[found.count - 1].span.end = token.span.end
      } else {
        found.append(HighlightedSpan(kind, token.span))
      }
    }
    found += rest
  }

  private static func isLineStart(_ offset: Int, in source: Source) -> Bool {
    source.lineStarts[source.line(of: offset)] == offset
  }

  private static func kind(ofTokenAt index: Int, in tokens: [Token]) -> HighlightClass? {
    let following = index + 1 < tokens.count ? tokens[index + 1] : nil
    switch tokens[index].kind {
    case .keyword: return .keyword
    case .number: return .number
    case .stringStart, .stringText, .stringEnd: return .string
    case .interpolationStart, .format, .interpolationEnd: return .interpolation
    case .magic: return .magic
    case .help: return .help
    case .invalid: return .invalid
    case .symbol(let symbol): return symbol.isDelimiter ? nil : .operator
    case .newline, .end: return nil
    case .name:
      if following?.kind == .symbol(.openParenthesis), following?.followsSpace == false { return .call }
      if following?.kind == .symbol(.colon) { return .label }
      let previous = index > 0 ? tokens[index - 1].kind : .end
      let isCalled = [.symbol(.pipe), .keyword(.fn), .keyword(.model)].contains(previous)
      return isCalled ? .call : nil
    }
  }
}

extension HighlightClass {
  fileprivate init(_ kind: Comment.Kind) {
    switch kind {
    case .plain, .shebang: self = .comment
    case .documentation: self = .documentation
    case .output: self = .output
    }
  }
}

extension Symbol {
  /// Brackets and marks of punctuation: they carry no colour.
  public var isDelimiter: Bool {
    switch self {
    case .openParenthesis, .closeParenthesis, .openBracket, .closeBracket, .openBrace, .closeBrace, .comma, .semicolon,
      .colon, .dot:
      true
    default: false
    }
  }
}

extension Source {
  /// A part as far as there is text, or all of it.
  fileprivate func clamped(_ part: Span?) -> Span {
    let start = min(max(part?.start ?? 0, 0), bytes.count)
    return Span(start, min(max(part?.end ?? bytes.count, start), bytes.count))
  }

  /// A span that ends before the carriage return of its line.
  func withoutCarriageReturn(_ span: Span) -> Span {
    span.end > span.start && bytes[span.end - 1] == 0x0D ? Span(span.start, span.end - 1) : span
  }
}
