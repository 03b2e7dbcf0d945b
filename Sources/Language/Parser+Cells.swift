extension Parser {
  /// The cells of a file and everything that is wrong with them; each `#%%` at the start of a line begins a cell.
  public static func parseFile(_ source: Source) -> (cells: [Cell], diagnostics: [Diagnostic]) {
    let starts = source.lineStarts.filter { isCellMarker(source, at: $0) }
    var cells: [Cell] = []
    var diagnostics: [Diagnostic] = []
    let preambleEnd = starts.first ?? source.bytes.count
    for (index, start) in ([0] + starts).enumerated() {
      let end = index < starts.count ? starts[index] : source.bytes.count
      if index == 0, preambleEnd == 0, !starts.isEmpty { continue }
      let (cell, found) = parse(source, in: Span(start, end), number: cells.count + 1)
      // Comments above the first marker are a head, not a cell.
      if index == 0, !starts.isEmpty, cell.statements.isEmpty, found.isEmpty { continue }
      cells.append(cell)
      diagnostics += found
    }
    return (cells, diagnostics)
  }

  /// The source as one cell, as it is typed at the prompt.
  public static func parseCell(_ source: Source, number: Int) -> (cell: Cell, diagnostics: [Diagnostic]) {
    parse(source, in: Span(0, source.bytes.count), number: number)
  }

  /// Whether the prompt should ask for another line: the first error is the end of the input or an open string.
  public static func isIncomplete(_ text: String) -> Bool {
    parseCell(Source(name: "", text: text), number: 1).diagnostics.first?.isIncompleteInput ?? false
  }

  /// Whether a line that starts at a byte begins a cell.
  public static func isCellMarker(_ source: Source, at start: Int) -> Bool {
    let line = source.bytes[start...].prefix(4)
    return line.starts(with: "#%%".utf8) || line.starts(with: "# %%".utf8)
  }

  /// What stands in the line of a marker: the title, and whether the cell holds Markdown.
  public static func header(of source: Source, at start: Int) -> (title: String?, isMarkdown: Bool) {
    let line = source.bytes[start...].prefix { $0 != 0x0A }
    var title = String(decoding: line, as: UTF8.self).drop { $0 != "%" }.dropFirst(2).drop { $0 == " " }
    var isMarkdown = false
    for tag in markdownTags where title.hasPrefix(tag) {
      isMarkdown = true
      title = title.dropFirst(tag.count)
    }
    let words = title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return (words.isEmpty ? nil : words, isMarkdown)
  }

  /// What makes a cell one of Markdown, behind its marker.
  public static let markdownTags = ["[markdown]", "[md]"]

  private static func parse(_ source: Source, in span: Span, number: Int) -> (Cell, [Diagnostic]) {
    var cell = Cell(span: span, number: number)
    if isCellMarker(source, at: span.start) {
      (cell.title, cell.isMarkdown) = header(of: source, at: span.start)
    }
    var diagnostics: [Diagnostic]
    if cell.isMarkdown {
      diagnostics = checkMarkdown(source, in: span)
    } else {
      var parser = Parser(source, in: span)
      cell.statements = parser.parseStatements()
      diagnostics = parser.orderedDiagnostics
    }
    for index in diagnostics.indices { diagnostics[index].cell = number }
    return (cell, diagnostics)
  }

  /// A Markdown cell holds comment lines and no code.
  private static func checkMarkdown(_ source: Source, in span: Span) -> [Diagnostic] {
    let code = Lexer.tokenize(source, in: span).tokens[0]
    guard code.kind != .end else { return [] }
    return [
      Diagnostic(
        .error, "a Markdown cell holds no code", at: code.span,
        help: ["begin its lines with '# ', or begin a new cell with #%%"], source: source)
    ]
  }
}
