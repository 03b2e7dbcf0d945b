/// Turns a diagnostic into text: one formatter, plain or in ANSI colours.
public struct DiagnosticRenderer: Sendable {
  public var usesColor: Bool
  /// How many columns of a source line are shown; a longer line is cut around its label.
  public var lineWidth: Int

  public init(usesColor: Bool = false, lineWidth: Int = 100) {
    self.usesColor = usesColor
    self.lineWidth = max(lineWidth, 20)
  }

  /// What a piece of the text is, which decides its colour.
  private enum Role {
    case error, warning, note, gutter, strong

    var code: String {
      switch self {
      case .error: "\u{1B}[1;31m"
      case .warning: "\u{1B}[1;33m"
      case .note: "\u{1B}[1;36m"
      case .gutter: "\u{1B}[1;34m"
      case .strong: "\u{1B}[1m"
      }
    }
  }

  /// The diagnostic as lines, each with its line end; without a source, only message and help.
  public func render(_ diagnostic: Diagnostic) -> String {
    let role: Role =
      switch diagnostic.severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    var lines = [paint(diagnostic.severity.rawValue + ":", role) + " " + paint(visible(diagnostic.message), .strong)]
    var margin = 1
    if let source = diagnostic.source, !diagnostic.labels.isEmpty {
      let labels = diagnostic.labels.map { PlacedLabel($0, in: source, width: lineWidth) }
        .sorted { ($0.line, $0.label.span.start) < ($1.line, $1.label.span.start) }
      margin = String((labels.map(\.line).max() ?? 0) + 1).count
      let primary = labels.first(where: \.label.isPrimary) ?? labels[0]
      let place = "\(source.name):\(primary.line + 1):\(primary.column)"
      let cell = diagnostic.cell.flatMap { source.name == "cell \($0)" ? nil : "   (cell \($0))" } ?? ""
      lines.append("  " + paint("-->", .gutter) + " " + visible(place) + cell)
      lines.append(gutter("", margin))
      lines += excerpt(labels, margin: margin, role: role)
    }
    let indent = String(repeating: " ", count: margin + 1)
    lines += diagnostic.help.map { indent + paint("=", .gutter) + " help: " + visible($0) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func excerpt(_ labels: [PlacedLabel], margin: Int, role: Role) -> [String] {
    var lines: [String] = []
    var shown: PlacedLabel?
    for label in labels {
      if shown?.line != label.line || shown?.text != label.text {
        if let line = shown?.line, label.line > line + 1 { lines.append(paint("...", .gutter)) }
        lines.append(gutter(String(label.line + 1), margin) + (label.text.isEmpty ? "" : " " + label.text))
        shown = label
      }
      let mark = String(repeating: label.label.isPrimary ? "^" : "-", count: label.length)
      let text = label.label.text.isEmpty ? mark : mark + " " + label.label.text
      let space = String(repeating: " ", count: label.indent + 1)
      lines.append(gutter("", margin) + space + paint(text, label.label.isPrimary ? role : .gutter))
    }
    return lines
  }

  /// Messages name files and quote texts: what would steer a terminal is shown as a mark.
  private func visible(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          let isHarmless = scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
          return isHarmless ? scalar : "\u{FFFD}"
        }))
  }

  private func gutter(_ number: String, _ margin: Int) -> String {
    paint(String(repeating: " ", count: margin - number.count) + number + " |", .gutter)
  }

  private func paint(_ text: String, _ role: Role) -> String {
    usesColor ? role.code + text + "\u{1B}[0m" : text
  }
}

/// A label and the part of its line that is shown, in columns of a terminal.
private struct PlacedLabel {
  var label: Diagnostic.Label
  /// 0-based line and 1-based column, counted in characters.
  var line: Int
  var column: Int
  var text: String
  /// Columns before the mark, and columns of the mark.
  var indent: Int
  var length: Int

  init(_ label: Diagnostic.Label, in source: Source, width: Int) {
    self.label = label
    let start = min(max(label.span.start, 0), source.bytes.count)
    line = source.line(at: start)
    let lineStart = source.lineStarts[line]
    var lineEnd = line + 1 < source.lineStarts.count ? source.lineStarts[line + 1] - 1 : source.bytes.count
    if lineEnd > lineStart, source.bytes[lineEnd - 1] == 0x0D { lineEnd -= 1 }
    let markStart = min(start, lineEnd)
    let markEnd = max(markStart, min(label.span.end, lineEnd))
    column = source.text(in: Span(lineStart, markStart)).count + 1

    // Only a window around the mark is laid out: a line may be as long as a file.
    let reach = 4 * width
    let windowStart = source.characterStart(max(lineStart, markStart - reach))
    let windowEnd = source.characterStart(min(lineEnd, markStart + reach))
    let before = DisplayText(source.text(in: Span(windowStart, markStart)))
    let marked = DisplayText(source.text(in: Span(markStart, min(markEnd, windowEnd))), from: before.width)
    let afterStart = min(markEnd, windowEnd)
    let after = DisplayText(source.text(in: Span(afterStart, windowEnd)), from: before.width + marked.width)

    let total = before.width + marked.width + after.width
    let keepsStart = windowStart == lineStart && (total <= width || before.width <= width / 2)
    let room = width / 2
    let shownBefore = keepsStart ? before.text : "…" + before.suffix(room)
    indent = DisplayText(shownBefore).width
    let remaining = max(1, width - indent)
    length = max(1, min(marked.width, remaining))
    let rest = marked.text + after.text
    let restWidth = marked.width + after.width
    let isCut = restWidth > remaining || windowEnd < lineEnd
    let shown = shownBefore + (isCut ? DisplayText(rest).prefix(remaining) + "…" : rest)
    text = String(shown.reversed().drop { $0 == " " }.reversed())
  }
}

extension Source {
  /// The 0-based line that a byte offset stands in.
  public func line(at offset: Int) -> Int {
    var low = 0, high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The offset moved back to the first byte of the Unicode scalar around it.
  func characterStart(_ offset: Int) -> Int {
    var offset = offset
    while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }
}
