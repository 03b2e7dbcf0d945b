/// Writes Markdown whose marks are only those that are meant.
enum MarkdownText {
  /// Text in which no character is a mark of Markdown or HTML.
  static func escape(_ text: some StringProtocol) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if "\\`*_[]<>#|&!~".unicodeScalars.contains(scalar) { escaped.append("\\") }
      escaped.append(scalar)
    }
    return String(escaped)
  }

  /// Text of ours, in which only pairs of backticks are marks.
  static func prose(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return escape(text) }
    return parts.enumerated().map { $0.offset % 2 == 0 ? escape($0.element) : code(String($0.element)) }.joined()
  }

  /// A code span.
  static func code(_ text: String) -> String {
    let hasBacktick = text.contains("`")
    let needsSpace = hasBacktick || text.hasPrefix(" ")
    let mark = hasBacktick ? "``" : "`"
    return mark + (needsSpace ? " \(text) " : text) + mark
  }

  /// A table of cells that are Markdown already; line ends in them become spaces.
  static func table(_ header: [String], _ rows: [[String]]) -> String {
    func row(_ cells: [String]) -> String {
      let safe = cells.map { cell in
        var isEscaped = false
        return String(
          cell.flatMap { character -> [Character] in
            defer { isEscaped = character == "\\" && !isEscaped }
            if character.isNewline { return [" "] }
            return character == "|" && !isEscaped ? ["\\", "|"] : [character]
          })
      }
      return "| \(safe.joined(separator: " | ")) |"
    }
    let rule = "|" + header.map { _ in "---|" }.joined()
    return ([row(header), rule] + rows.map(row)).joined(separator: "\n")
  }
}
