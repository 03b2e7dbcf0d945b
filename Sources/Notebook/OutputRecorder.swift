import Language

/// Goes through a document once and gathers the changes that put new outputs on record.
struct OutputRecorder {
  private(set) var edits = TextEdits()
  private(set) var figures: [Record.Figure] = []
  private(set) var changedLines = 0
  /// What the new text refers to.
  private(set) var usedPaths: Set<String>
  /// What more than one line refers to, as after copying a cell; never free.
  private let sharedPaths: Set<String>
  private let source: Source
  private let folder: FigureFolder

  /// The longest line that takes its output behind it, in characters.
  private static let widest = 120
  private static let mark = "#=>"

  init(_ document: Document, _ folder: FigureFolder) {
    source = document.source
    self.folder = folder
    // A path is free for a new figure once its line is seen to change.
    let paths = document.figureReferences.map(\.path)
    usedPaths = Set(paths)
    sharedPaths = Set(Dictionary(paths.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }.keys)
  }

  // MARK: Cells

  mutating func visit(_ cell: DocumentCell, with outputs: FreshOutputs) {
    let lines = cell.lines.compactMap { line in
      OutputComparison(line, of: cell, with: outputs, figures: folder).map { (line, $0) }
    }
    for (_, comparison) in lines { release(comparison) }
    for (line, comparison) in lines { rewrite(line, comparison, in: cell.cell) }
  }

  /// Puts `[stale]` behind a header, or takes it away.
  mutating func mark(_ cell: DocumentCell, isStale: Bool, wasRecorded: Bool) {
    let header = cell.header
    // A cell above the first `#%%` has no header; nothing before it could make it stale.
    guard isStale != header.isStale, isStale || wasRecorded else { return }
    let line = LineRange(source.line(of: cell.cell.span.start), of: source)
    let marker = source.bytes[line.start..<line.contentEnd].prefix(4)
    guard marker.starts(with: "#%%".utf8) || marker.elementsEqual("# %%".utf8) else { return }
    if isStale {
      edits.insert(" [stale]", at: line.contentEnd)
      return
    }
    let content = Array(source.bytes[line.start..<line.contentEnd])
    let tag = Array("[stale]".utf8)
    guard let place = content.indices.last(where: { content[$0...].starts(with: tag) }) else { return }
    let spaces = content[..<place].reversed().prefix { $0 == 0x20 }.count
    edits.replace(line.start + place - spaces..<line.start + place + tag.count, with: "")
  }

  /// Frees the paths of figures whose lines change.
  private mutating func release(_ comparison: OutputComparison) {
    for step in comparison.alignment.steps {
      switch step {
      case .changed(let index, _), .missing(let index):
        guard let path = FigureReference(line: comparison.recorded[index])?.path, !sharedPaths.contains(path) else {
          continue
        }
        usedPaths.remove(path)
      case .kept, .added: break
      }
    }
  }

  // MARK: Lines

  private mutating func rewrite(_ line: CodeLine, _ comparison: OutputComparison, in cell: Cell) {
    keepFigures(of: comparison)
    guard !comparison.alignment.matches else { return }
    changedLines += 1
    var texts: [String] = []
    /// The same by recorded line: nil for one that goes, and what comes behind each.
    var replaced: [Int: String?] = [:]
    var added: [Int: [String]] = [:]
    var last = -1
    for step in comparison.alignment.steps {
      switch step {
      case .kept(let index):
        texts.append(comparison.recorded[index])
        last = index
      case .changed(let index, let shown):
        let text = comparison.replacement(for: index, by: text(of: comparison.shown[shown], in: cell))
        texts.append(text)
        replaced[index] = .some(text)
        last = index
      case .missing(let index):
        replaced[index] = .some(nil)
        last = index
      case .added(let shown):
        let text = text(of: comparison.shown[shown], in: cell)
        texts.append(text)
        added[last, default: []].append(text)
      }
    }
    let spans = line.output?.spans ?? []
    let isBehind = spans.first.map { source.line(of: $0.start) == lastLine(of: line) } ?? false
    if isBehind, spans.count == 1, texts.count == 1, fitsBehind(line, texts[0], of: cell) {
      replace(spans[0], with: texts[0])
    } else if !isBehind, !spans.isEmpty, !texts.isEmpty, texts.count > 1 || spans.count == 1 {
      editLines(spans, replaced, added)
    } else {
      for span in spans { remove(span) }
      write(texts, of: line, in: cell)
    }
  }

  /// Outputs that stay where they are and whose file may have been lost.
  private mutating func keepFigures(of comparison: OutputComparison) {
    for case .kept(let index) in comparison.alignment.steps {
      guard let reference = FigureReference(line: comparison.recorded[index]), folder.owns(reference.path) else {
        continue
      }
      for case .figure(_, let svg) in comparison.shown where FigureFolder.hash(of: svg) == reference.hash {
        figures.append(Record.Figure(path: reference.path, svg: svg))
        break
      }
    }
  }

  /// What stands behind `#=> ` for a line or a figure, which gets a path that is free.
  private mutating func text(of item: FreshOutputs.Item, in cell: Cell) -> String {
    switch item {
    case .line(let text): return text
    case .figure(let title, let svg):
      var number = 1
      while !usedPaths.insert(folder.path(cell: cell.number, number: number)).inserted { number += 1 }
      let path = folder.path(cell: cell.number, number: number)
      figures.append(Record.Figure(path: path, svg: svg))
      return FigureReference(title: title, path: path, hash: FigureFolder.hash(of: svg)).line
    }
  }

  // MARK: Places

  private func lastLine(of line: CodeLine) -> Int { source.line(of: max(line.span.start, line.span.end - 1)) }

  /// Whether output may stand behind a line: one line of code, nothing behind it, and room.
  private func fitsBehind(_ line: CodeLine, _ text: String, of cell: Cell) -> Bool {
    let number = lastLine(of: line)
    guard source.line(of: line.span.start) == number else { return false }
    // A magic takes the rest of its line, whatever that is.
    for index in line.statements {
      switch cell.statements[index].kind {
      case .magic, .help: return false
      default: break
      }
    }
    let range = LineRange(number, of: source)
    let behind = source.text(in: Span(line.span.end, range.contentEnd)).drop { $0 == " " || $0 == "\t" || $0 == ";" }
    guard behind.isEmpty || behind.hasPrefix(Self.mark) else { return false }
    let code = source.text(in: Span(range.start, range.contentEnd - behind.utf8.count))
    let gap = behind.isEmpty ? gap(behind: range) : ""
    return code.count + gap.count + comment(text).count <= Self.widest
  }

  /// Two spaces, less those that stand there.
  private func gap(behind range: LineRange) -> String {
    let present = source.bytes[range.start..<range.contentEnd].reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
    return String(repeating: " ", count: max(0, 2 - present))
  }

  private func comment(_ text: String) -> String { text.isEmpty ? Self.mark : Self.mark + " " + text }

  // MARK: Changes

  /// Puts output behind or under a line of code whose old output is gone.
  private mutating func write(_ texts: [String], of line: CodeLine, in cell: Cell) {
    let range = LineRange(lastLine(of: line), of: source)
    if texts.count == 1, fitsBehind(line, texts[0], of: cell) {
      edits.insert(gap(behind: range) + comment(texts[0]), at: range.contentEnd)
    } else {
      insert(texts, indent: "", under: range)
    }
  }

  /// Changes single lines of an output that stands under its code.
  private mutating func editLines(_ spans: [Span], _ replaced: [Int: String?], _ added: [Int: [String]]) {
    for (index, span) in spans.enumerated() {
      switch replaced[index] {
      case .some(.some(let text)): replace(span, with: text)
      case .some(.none): remove(span)
      case .none: break
      }
      let range = LineRange(source.line(of: span.start), of: source)
      let indent = source.text(in: Span(range.start, span.start))
      if index == 0, let first = added[-1] {
        edits.insert(first.map { indent + comment($0) + newline(at: range) }.joined(), at: range.start)
      }
      if let more = added[index] { insert(more, indent: indent, under: range) }
    }
  }

  private mutating func insert(_ texts: [String], indent: String, under range: LineRange) {
    let newline = newline(at: range)
    let lines = texts.map { indent + comment($0) }
    if range.lineEnd.isEmpty {
      edits.insert(lines.map { newline + $0 }.joined(), at: range.next)
    } else {
      edits.insert(lines.map { $0 + newline }.joined(), at: range.next)
    }
  }

  /// The line end of a line, or, for the last one, that of the file.
  private func newline(at range: LineRange) -> String {
    if !range.lineEnd.isEmpty { return range.lineEnd }
    let first = LineRange(0, of: source).lineEnd
    return first.isEmpty ? "\n" : first
  }

  private mutating func replace(_ span: Span, with text: String) {
    let range = LineRange(source.line(of: span.start), of: source)
    edits.replace(span.start..<range.contentEnd, with: comment(text))
  }

  /// Takes away a comment: its whole line, or what stands behind the code.
  private mutating func remove(_ span: Span) {
    let range = LineRange(source.line(of: span.start), of: source)
    let before = source.bytes[range.start..<span.start]
    let spaces = before.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
    if spaces == before.count {
      edits.replace(range.start..<range.next, with: "")
    } else {
      edits.replace(span.start - spaces..<range.contentEnd, with: "")
    }
  }
}
