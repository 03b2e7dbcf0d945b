import Language

/// A percent script with its recorded outputs: what `record`, `replay --check`, export, lessons and `present` read.
///
/// Everything keeps its place in the bytes of the source, so that a rewrite changes recorded outputs and nothing else.
public struct Document: Sendable {
  public let source: Source
  /// What runs: the source, or, of a lesson, the source with its solutions as code. Every byte keeps its place.
  public let code: Source
  public let cells: [DocumentCell]
  /// What the parser found, and outputs on record that stand behind no statement.
  public let diagnostics: [Diagnostic]

  public init(_ source: Source) {
    self.source = source
    code = source.solved
    let (parsed, found) = Parser.parseFile(code)
    let outputs = Lexer.tokenize(code).comments.filter { $0.kind == .output }.map(\.span)
    var diagnostics = found
    var cells: [DocumentCell] = []
    for cell in parsed {
      let own = outputs.filter { cell.span.start <= $0.start && $0.start < cell.span.end }
      let (lines, orphans) = Self.lines(of: cell, outputs: own, in: source)
      cells.append(DocumentCell(cell: cell, lines: lines))
      diagnostics += orphans.map {
        Diagnostic(
          .warning, "a recorded output stands behind no statement", at: $0,
          help: ["remove the line, or put it behind the statement whose output it is"], source: source)
      }
      if let tag = CellHeader(cell.title).unreadableTolerance {
        let line = LineRange(source.line(of: cell.span.start), of: source)
        diagnostics.append(
          Diagnostic(
            .warning, "'\(tag)' is no tolerance", at: Span(line.start, line.contentEnd),
            help: ["write it as a percentage: [± 5%]"], source: source))
      }
    }
    self.cells = cells
    self.diagnostics = diagnostics
  }

  /// Statements that share a line share their output; an output belongs to the last line of code above it.
  private static func lines(
    of cell: Cell, outputs: [Span], in source: Source
  ) -> (lines: [CodeLine], orphans: [Span]) {
    var lines: [CodeLine] = []
    for (index, statement) in cell.statements.enumerated() {
      let isSameLine = lines.last.map { source.line(of: $0.span.end) == source.line(of: statement.span.start) } ?? false
      if isSameLine {
        lines[lines.count - 1].statements.append(index)
        lines[lines.count - 1].span = lines[lines.count - 1].span.union(statement.span)
      } else {
        lines.append(CodeLine(statements: [index], span: statement.span, output: nil))
      }
    }
    var orphans: [Span] = []
    for output in outputs {
      guard let index = lines.lastIndex(where: { $0.span.end <= output.start }) else {
        orphans.append(output)
        continue
      }
      lines[index].output = RecordedOutput(adding: output, to: lines[index].output, in: source)
    }
    return (lines, orphans)
  }
}

/// A cell of a document.
public struct DocumentCell: Sendable {
  public let cell: Cell
  /// The statements, gathered by the lines that they stand on, each with what it printed.
  public let lines: [CodeLine]

  /// The text of a Markdown cell, without `# ` in front of its lines; the title of the header is its first line.
  public func markdown(in source: Source) -> String {
    let text = source.text(in: cell.span)
    let body = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.dropFirst()
    var lines = body.map { line -> Substring in
      let text = line.drop { $0 == " " }
      return text.hasPrefix("# ") ? text.dropFirst(2) : text.hasPrefix("#") ? text.dropFirst() : text
    }
    if let title = cell.title { lines.insert("# " + Substring(title), at: 0) }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

/// One statement, or several on one line, and the output on record behind or under it.
public struct CodeLine: Sendable {
  /// Indices into the statements of the cell.
  public var statements: [Int]
  /// From the first byte of the first statement to the end of the last.
  public var span: Span
  public var output: RecordedOutput?
}

/// The `#=>` comments of a line of code.
public struct RecordedOutput: Sendable {
  /// One comment each, from its `#=>` to the end of its line.
  public private(set) var spans: [Span]
  /// The text of each, without `#=>` and one space.
  public private(set) var lines: [String]

  init(adding span: Span, to earlier: RecordedOutput?, in source: Source) {
    spans = (earlier?.spans ?? []) + [span]
    let text = source.text(in: span).dropFirst("#=>".count)
    let line = text.hasPrefix(" ") ? text.dropFirst() : text
    lines = (earlier?.lines ?? []) + [String(line.last == "\r" || line.last == "\r\n" ? line.dropLast() : line)]
  }

  /// What stands on record, line by line: text, or a figure in a file beside the script.
  public var items: [OutputItem] { lines.map { FigureReference(line: $0).map(OutputItem.figure) ?? .text($0) } }
}

/// A line of output.
public enum OutputItem: Hashable, Sendable {
  case text(String)
  case figure(FigureReference)
}

/// A figure on record: `![title](lesson1.figures/4-1.svg) 1a2b3c4d5e6f`, a file beside the script and its hash.
public struct FigureReference: Hashable, Sendable {
  public var title: String
  /// Relative to the folder of the script.
  public var path: String
  /// The first 12 hexadecimal digits of the file's SHA-256.
  public var hash: String

  public init(title: String, path: String, hash: String) {
    self.title = title
    self.path = path
    self.hash = hash
  }

  /// Nil for a line that is no reference.
  public init?(line: String) {
    guard line.hasPrefix("!["), let middle = line.range(of: "]("),
      let end = line.range(of: ") ", from: middle.upperBound)
    else { return nil }
    title = String(line[line.index(line.startIndex, offsetBy: 2)..<middle.lowerBound])
    path = String(line[middle.upperBound..<end.lowerBound])
    hash = String(line[end.upperBound...])
    guard hash.count == 12, hash.allSatisfy({ $0.isHexDigit }), path.hasSuffix(".svg") else { return nil }
  }

  public var line: String { "![\(title)](\(path)) \(hash)" }
}

extension String {
  /// Where a text first occurs behind an index.
  fileprivate func range(of text: String, from start: Index? = nil) -> Range<Index>? {
    self[(start ?? startIndex)...].firstRange(of: text)
  }
}

extension Source {
  /// The 0-based line that a byte stands on.
  public func line(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

extension Document {
  /// The place of a cell that is named by its number or by how its title begins; nil where none or several are meant.
  public func indexOfCell(named name: String) -> Int? {
    if let number = Int(name) { return cells.firstIndex { $0.cell.number == number } }
    let found = cells.indices.filter { !name.isEmpty && cells[$0].header.title.hasPrefix(name) }
    let exact = found.filter { cells[$0].header.title == name }
    return exact.count == 1 ? exact[0] : found.count == 1 ? found[0] : nil
  }
}
