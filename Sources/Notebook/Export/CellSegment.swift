import Language

/// A code cell as its reader meets it: code, and what it gave, in turn.
public enum CellSegment: Sendable {
  /// Whole lines of code without the outputs on record; never empty.
  case code(Span)
  case output([RecordedLine])
}

/// A line of output on record and its place.
public struct RecordedLine: Sendable {
  public var item: OutputItem
  /// From `#=>` to the end of the line.
  public var span: Span
}

extension DocumentCell {
  /// The parts of the cell below its header, in order.
  ///
  /// An output inside a statement, such as the body of a loop, stays with its code as the comment that it is.
  public func segments(in source: Source) -> [CellSegment] {
    var segments: [CellSegment] = []
    var outputs: [RecordedLine] = []
    let hasHeader = Parser.isCellMarker(source, at: cell.span.start)
    var position = hasHeader ? source.endOfLine(at: cell.span.start) : cell.span.start
    func flush() {
      if !outputs.isEmpty { segments.append(.output(outputs)) }
      outputs = []
    }
    for line in recordedLines {
      if let code = source.trimmed(Span(position, line.span.start)) {
        flush()
        segments.append(.code(code))
      }
      outputs.append(line)
      position = line.span.end
    }
    flush()
    if let code = source.trimmed(Span(position, max(position, cell.span.end))) { segments.append(.code(code)) }
    return segments
  }

  /// All outputs that stand behind or under a statement, in the order of the source.
  private var recordedLines: [RecordedLine] {
    lines.enumerated().flatMap { index, line -> [RecordedLine] in
      guard let output = line.output else { return [] }
      let next = index + 1 < lines.count ? lines[index + 1].span.start : .max
      return zip(output.spans, output.items).compactMap { span, item in
        span.start < next ? RecordedLine(item: item, span: span) : nil
      }
    }
  }
}

extension Source {
  /// The byte behind the line that a byte stands on, its line end left out.
  func endOfLine(at offset: Int) -> Int {
    let next = line(of: offset) + 1
    return next < lineStarts.count ? lineStarts[next] - 1 : bytes.count
  }

  /// A span without blank lines at its start and white space at its end; nil if nothing else is in it.
  ///
  /// The indentation of the first line stays.
  func trimmed(_ span: Span) -> Span? {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
    var end = span.end
    while end > span.start, isSpace(bytes[end - 1]) { end -= 1 }
    var start = span.start
    var first = start
    while first < end, isSpace(bytes[first]) {
      if bytes[first] == 0x0A { start = first + 1 }
      first += 1
    }
    return start < end ? Span(start, end) : nil
  }
}
