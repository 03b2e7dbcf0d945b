/// Reads the blocks of a Markdown text, line by line; every text is a document, so nothing fails.
struct MarkdownParser {
  /// How deep quotes and lists may nest; what is deeper is a paragraph.
  private static let deepest = 24

  private let lines: [Substring]
  private let depth: Int
  private var position = 0

  /// The blocks of a text with any line ends.
  static func blocks(of text: String) -> [MarkdownBlock] {
    var parser = MarkdownParser(text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }, depth: 0)
    return parser.parse()
  }

  private init(_ lines: [Substring], depth: Int) {
    self.lines = lines
    self.depth = depth
  }

  private mutating func parse() -> [MarkdownBlock] {
    var blocks: [MarkdownBlock] = []
    while position < lines.count {
      if lines[position].isBlank { position += 1 } else { blocks.append(parseBlock()) }
    }
    return blocks
  }

  private mutating func parseBlock() -> MarkdownBlock {
    let line = lines[position]
    if let fence = Fence(line) { return parseCode(fence) }
    if let (level, title) = Self.heading(line) {
      position += 1
      return .heading(level: level, title)
    }
    if Self.isRule(line) {
      position += 1
      return .rule
    }
    if depth < Self.deepest {
      if line.withoutIndent.hasPrefix(">") { return parseQuote() }
      if let marker = ListMarker(line) { return parseList(marker) }
    }
    return parseTable() ?? parseParagraph()
  }

  // MARK: - Leaves

  private mutating func parseCode(_ fence: Fence) -> MarkdownBlock {
    position += 1
    var code: [Substring] = []
    while position < lines.count, !fence.isClosed(by: lines[position]) {
      code.append(lines[position].dropSpaces(upTo: fence.indent))
      position += 1
    }
    position += 1
    return .code(info: fence.info, code.map { $0 + "\n" }.joined())
  }

  /// `## title ##`
  private static func heading(_ line: Substring) -> (level: Int, title: String)? {
    let text = line.withoutIndent
    let level = text.prefix { $0 == "#" }.count
    let rest = text.dropFirst(level)
    guard (1...6).contains(level), rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
    var title = rest.trimmed
    let unmarked = title.trimmingSuffix { $0 == "#" }
    if unmarked.isEmpty || unmarked.last == " " { title = unmarked.trimmed }
    return (level, String(title))
  }

  /// Three or more `-`, `*` or `_`, with nothing but spaces between.
  private static func isRule(_ line: Substring) -> Bool {
    let marks = line.withoutIndent.filter { $0 != " " && $0 != "\t" }
    guard let first = marks.first, "-*_".contains(first) else { return false }
    return marks.count >= 3 && marks.allSatisfy { $0 == first }
  }

  private mutating func parseParagraph() -> MarkdownBlock {
    var text: [String] = []
    repeat {
      // Two spaces at the end of a line are a line break, so only its start is trimmed.
      text.append(String(lines[position].drop { $0 == " " || $0 == "\t" }))
      position += 1
    } while position < lines.count && !lines[position].isBlank && !interruptsParagraph(lines[position])
    let joined = text.joined(separator: "\n")
    return .paragraph(String(joined.trimmingSuffix(while: \.isWhitespace)))
  }

  private func interruptsParagraph(_ line: Substring) -> Bool {
    if Fence(line) != nil || Self.heading(line) != nil || Self.isRule(line) { return true }
    guard depth < Self.deepest else { return false }
    if line.withoutIndent.hasPrefix(">") { return true }
    // As in CommonMark: a number at the start of a line is a list only from 1 on, and an empty item is none.
    guard let marker = ListMarker(line) else { return false }
    return !marker.isEmpty && (marker.number ?? 1) == 1
  }

  private mutating func parseTable() -> MarkdownBlock? {
    guard position + 1 < lines.count, lines[position].contains("|"),
      let alignments = TableRow.alignments(lines[position + 1])
    else { return nil }
    let header = TableRow.cells(lines[position])
    guard header.count == alignments.count else { return nil }
    position += 2
    var rows: [[String]] = []
    while position < lines.count, !lines[position].isBlank, !interruptsParagraph(lines[position]) {
      let cells = TableRow.cells(lines[position]).prefix(header.count)
      rows.append(cells + Array(repeating: "", count: header.count - cells.count))
      position += 1
    }
    return .table(alignments: alignments, header: header, rows: rows)
  }

  // MARK: - Containers

  private mutating func parseQuote() -> MarkdownBlock {
    var inner: [Substring] = []
    while position < lines.count {
      let line = lines[position].withoutIndent
      guard line.hasPrefix(">") else { break }
      inner.append(line.dropFirst().dropSpaces(upTo: 1))
      position += 1
    }
    var parser = MarkdownParser(inner, depth: depth + 1)
    return .quote(parser.parse())
  }

  private mutating func parseList(_ first: ListMarker) -> MarkdownBlock {
    var items: [[MarkdownBlock]] = []
    var isTight = true
    while position < lines.count, let marker = ListMarker(lines[position]), marker.kind == first.kind,
      !Self.isRule(lines[position])
    {
      let (inner, endsBlank) = itemLines(marker)
      var parser = MarkdownParser(inner, depth: depth + 1)
      let blocks = parser.parse()
      let continues = position < lines.count && ListMarker(lines[position])?.kind == first.kind
      if endsBlank && continues || inner.dropLast().contains(where: \.isBlank) && blocks.count > 1 { isTight = false }
      items.append(blocks)
    }
    return .list(start: first.number, isTight: isTight, items: items)
  }

  /// The lines of an item without its indentation, and whether blank lines stand behind it.
  private mutating func itemLines(_ marker: ListMarker) -> (lines: [Substring], endsBlank: Bool) {
    var inner = [lines[position].dropFirst(marker.width)]
    position += 1
    while position < lines.count {
      let line = lines[position]
      let isIndented = line.prefix { $0 == " " }.count >= marker.width
      let isLazy = inner.last?.isBlank == false && ListMarker(line) == nil && !interruptsParagraph(line)
      guard line.isBlank || isIndented || isLazy else { break }
      inner.append(line.dropSpaces(upTo: marker.width))
      position += 1
    }
    var endsBlank = false
    while let last = inner.last, last.isBlank, inner.count > 1 {
      inner.removeLast()
      endsBlank = true
    }
    return (inner, endsBlank)
  }
}
