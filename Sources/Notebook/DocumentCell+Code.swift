import Language

extension DocumentCell {
  /// The lines of a cell as somebody types them: without header, recorded outputs, and blank lines at its ends.
  public func codeLines(in source: Source) -> [String] {
    let outputs = Dictionary(
      lines.flatMap { $0.output?.spans ?? [] }.map { (source.line(of: $0.start), $0.start) }, uniquingKeysWith: min)
    let first = source.line(of: cell.span.start)
    let last = source.line(of: max(cell.span.start, cell.span.end - 1))
    var texts: [String] = []
    for number in first...last {
      let line = LineRange(number, of: source)
      let output = outputs[number]
      let text = source.text(in: Span(line.start, min(output ?? line.contentEnd, line.contentEnd)))
      let isHeader = number == first && (text.hasPrefix("#%%") || text.hasPrefix("# %%"))
      let hasOutputOnly = output != nil && text.allSatisfy(\.isWhitespace)
      if !isHeader, !hasOutputOnly { texts.append(output == nil ? text : text.withoutTrailingSpaces) }
    }
    let isBlank: (String) -> Bool = { $0.allSatisfy(\.isWhitespace) }
    let start = texts.firstIndex { !isBlank($0) } ?? texts.endIndex
    let end = texts.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return Array(texts[start..<end])
  }
}

extension String {
  fileprivate var withoutTrailingSpaces: String {
    var text = self
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
