import Language

/// Writes Markdown blocks as HTML; no text of theirs can become a tag.
struct MarkdownHTML {
  var links = MarkdownInline.Links()
  /// What a heading of level 1 becomes: a page has its own title above.
  var headingLevel = 1

  func html(_ text: String) throws -> String { try html(MarkdownParser.blocks(of: text)) }

  func html(_ blocks: [MarkdownBlock]) throws -> String { try blocks.map(html).joined() }

  func html(_ block: MarkdownBlock) throws -> String {
    switch block {
    case .heading(let level, let title):
      let tag = "h\(min(6, level + headingLevel - 1))"
      return "<\(tag)>\(try inline(title))</\(tag)>\n"
    case .paragraph(let text): return "<p>\(try inline(text))</p>\n"
    case .code(let info, let text): return Self.code(text, info: info)
    case .quote(let blocks): return "<blockquote>\n\(try html(blocks))</blockquote>\n"
    case .rule: return "<hr>\n"
    case .list(let start, let isTight, let items):
      let tag = start == nil ? "ul" : "ol"
      let first = start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
      let rows = try items.map { "<li>\(try item($0, isTight: isTight))</li>\n" }.joined()
      return "<\(tag)\(first)>\n\(rows)</\(tag)>\n"
    case .table(let alignments, let header, let rows): return try table(alignments, header, rows)
    }
  }

  func inline(_ text: String) throws -> String { try MarkdownInline.html(text, links: links) }

  /// A block of code, in colours if it is in this language.
  static func code(_ text: String, info: String) -> String {
    let inner = info == "passbook" ? highlighted(Source(name: "", text: text)) : HTMLText.escape(text)
    return "<pre class=\"source\"><code>\(inner)</code></pre>\n"
  }

  /// Source with a `span` around each piece that has a class.
  static func highlighted(_ source: Source, in part: Span? = nil) -> String {
    Highlighter.pieces(of: source, in: part).map { kind, text in
      let escaped = HTMLText.escape(text.replacing("\r\n", with: "\n"))
      return kind.map { "<span class=\"\($0.rawValue)\">\(escaped)</span>" } ?? escaped
    }.joined()
  }

  private func item(_ blocks: [MarkdownBlock], isTight: Bool) throws -> String {
    try blocks.map { block in
      if isTight, case .paragraph(let text) = block { return try inline(text) + (blocks.count > 1 ? "\n" : "") }
      return try html(block)
    }.joined()
  }

  private func table(
    _ alignments: [MarkdownBlock.Alignment], _ header: [String], _ rows: [[String]]
  ) throws -> String {
    func row(_ cells: [String], _ tag: String) throws -> String {
      let inner = try zip(alignments, cells).map { alignment, text in
        let style = alignment == .none ? "" : " class=\"\(alignment.rawValue)\""
        return "<\(tag)\(style)>\(try inline(text))</\(tag)>"
      }
      return "<tr>\(inner.joined())</tr>\n"
    }
    let body = try rows.map { try row($0, "td") }.joined()
    return "<div class=\"scroll\"><table>\n<thead>\(try row(header, "th"))</thead>\n<tbody>\n\(body)</tbody>\n"
      + "</table></div>\n"
  }
}
