import Files
import Language

/// A document as one page of HTML that needs nothing beside it: figures and pictures are in it.
public struct HTMLExport {
  private let document: Document
  private let figures: FigureFiles
  private var entries: [HTMLPage.Entry] = []
  private var title: String?
  /// The level in the page of the heading that stands above.
  private var sectionLevel = 1
  /// A page has one title: once a heading of level 1 is below it, all levels move down by one.
  private var hasSections = false
  private var body = ""

  /// The page of a document; throws `ExportFailure` where a picture of a Markdown cell is missing.
  public static func page(of document: Document, figures: FigureFiles) throws -> String {
    var export = HTMLExport(document: document, figures: figures)
    return try export.page()
  }

  /// A page from Markdown alone, such as the language reference.
  public static func page(ofMarkdown text: String, foot: String) throws -> String {
    let document = Document(Source(name: "", text: ""))
    var export = HTMLExport(document: document, figures: try FigureFiles(of: document, folder: "."))
    for block in MarkdownParser.blocks(of: text) { try export.append(block, links: MarkdownInline.Links()) }
    return HTMLPage(title: export.title ?? "", entries: export.entries, body: export.body, foot: foot).html
  }

  private init(document: Document, figures: FigureFiles) {
    self.document = document
    self.figures = figures
  }

  private mutating func page() throws -> String {
    for cell in document.cells {
      if cell.cell.isMarkdown { try appendMarkdown(cell) } else { try appendCode(cell) }
    }
    let file = FilePath.name(of: document.source.name)
    let count = document.cells.count
    return HTMLPage(
      title: title ?? HTMLText.escape(file), note: title == nil ? "" : file, entries: entries, body: body,
      foot: "Exported by passbook from the record in \(file), \(count) cell\(count == 1 ? "" : "s")."
    ).html
  }

  // MARK: - Markdown cells

  private mutating func appendMarkdown(_ cell: DocumentCell) throws {
    let links = MarkdownInline.Links(imageSource: { [folder = figures.folder, source = document.source] path in
      do {
        return try Self.image(path, in: folder)
      } catch let error as FileError {
        var diagnostic = Diagnostic(
          .error, "the picture \(path) cannot be read: \(error.reason)", at: cell.cell.span,
          help: ["put it there, or take it out of the text of the cell"], source: source)
        diagnostic.labels = diagnostic.labels.map { .init(Span($0.span.start, source.endOfLine(at: $0.span.start))) }
        diagnostic.cell = cell.cell.number
        throw ExportFailure([diagnostic])
      }
    })
    for block in MarkdownParser.blocks(of: cell.markdown(in: document.source)) { try append(block, links: links) }
  }

  /// A picture below the script's folder; anything else stays a link.
  private static func image(_ path: String, in folder: String) throws -> String? {
    guard FilePath.isBelow(path), LinkTarget.isSafe(path), !LinkTarget.isAbsolute(path),
      let type = DataURI.mediaType(of: path)
    else { return nil }
    let bytes = try FileReader.contents(of: FilePath.join(folder, path), limit: FigureFiles.largest)
    return type == "image/svg+xml" ? DataURI.svg(bytes) : DataURI.base64(bytes, type: type)
  }

  private mutating func append(_ block: MarkdownBlock, links: MarkdownInline.Links) throws {
    guard case .heading(let level, let text) = block else {
      body += try MarkdownHTML(links: links, headingLevel: min(sectionLevel + 1, 6)).html(block)
      return
    }
    let plain = MarkdownInline.Links(areAllowed: false)
    if title == nil, level == 1, body.isEmpty {
      title = try MarkdownInline.html(text, links: plain)
      return
    }
    if level == 1 { hasSections = true }
    let shown = max(2, min(level + (hasSections ? 1 : 0), 6))
    sectionLevel = shown
    let id = "section-\(entries.count + 1)"
    body += "<h\(shown) id=\"\(id)\">\(try MarkdownInline.html(text, links: links))</h\(shown)>\n"
    entries.append(.init(id: id, title: try MarkdownInline.html(text, links: plain), level: shown))
  }

  // MARK: - Code cells

  private mutating func appendCode(_ cell: DocumentCell) throws {
    let number = cell.cell.number
    let segments = cell.segments(in: document.source)
    guard !segments.isEmpty || cell.cell.title != nil else { return }
    body += "<section class=\"cell\" id=\"cell-\(number)\">\n<div class=\"cell-head\">"
    body += "<a class=\"cell-number\" href=\"#cell-\(number)\" aria-label=\"Cell \(number)\">\(number)</a>"
    if let title = cell.cell.title {
      let escaped = HTMLText.escape(title)
      // Beside the headings of level 3, not below them, so that the contents list every cell.
      let level = min(sectionLevel + 1, 3)
      body += "<h\(level)>\(escaped)</h\(level)>"
      entries.append(.init(id: "cell-\(number)", title: escaped, level: level))
    }
    body += "</div>\n"
    for segment in segments {
      switch segment {
      case .code(let span):
        body += "<pre class=\"source\"><code>\(MarkdownHTML.highlighted(document.source, in: span))</code></pre>\n"
      case .output(let lines): appendOutput(lines.map(\.item), of: number)
      }
    }
    body += "</section>\n"
  }

  private mutating func appendOutput(_ items: [OutputItem], of number: Int) {
    body += "<div class=\"result\" role=\"group\" aria-label=\"Output of cell \(number)\">\n"
    for group in OutputGroup.groups(of: items) {
      switch group {
      case .text(let lines): body += "<pre><samp>\(HTMLText.escape(lines.joined(separator: "\n")))</samp></pre>\n"
      case .figure(let figure):
        let title = HTMLText.escape(figure.title)
        body += "<figure><img src=\"\(DataURI.svg(figures.svg(figure)))\" alt=\"\(title.isEmpty ? "Figure" : title)\">"
        body += (title.isEmpty ? "" : "<figcaption>\(title)</figcaption>") + "</figure>\n"
      }
    }
    body += "</div>\n"
  }
}
