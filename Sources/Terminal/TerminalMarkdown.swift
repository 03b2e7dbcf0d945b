/// Markdown as a terminal shows it: paragraphs wrapped to a width, emphasis as paint where paint is allowed.
///
/// Headings, paragraphs, lists, `code`, **strong**, *emphasis*, links, fenced and indented code, and tables (as they
/// stand); what it does not know stays as it is written. Control characters never reach the terminal.
public struct TerminalMarkdown: Sendable {
  /// In columns; at least 20.
  public let width: Int
  public let style: Style

  public init(width: Int, style: Style) {
    self.width = max(width, 20)
    self.style = style
  }

  /// The text in lines, without a line break at the end.
  public func render(_ text: String) -> String {
    var output: [String] = []
    var paragraph: [Substring] = []
    var isFenced = false
    func flush() {
      if !paragraph.isEmpty { output += block(paragraph.joined(separator: " ")) }
      paragraph = []
    }
    for line in Self.printable(text).split(separator: "\n", omittingEmptySubsequences: false) {
      let isFence = line.hasPrefix("```")
      if isFence || isFenced || line.hasPrefix("|") || (line.hasPrefix("    ") && paragraph.isEmpty) {
        flush()
        if isFence {
          isFenced.toggle()
        } else {
          output.append(verbatim(line, isCode: !line.hasPrefix("|") || isFenced))
        }
      } else if line.allSatisfy(\.isWhitespace) {
        flush()
        if output.last?.isEmpty == false { output.append("") }
      } else {
        if line.hasPrefix("#") || Self.bullet(of: line) != nil { flush() }
        paragraph.append(paragraph.isEmpty ? line : line.drop { $0 == " " })
        if line.hasPrefix("#") { flush() }
      }
    }
    flush()
    return output.joined(separator: "\n")
  }

  private func verbatim(_ line: Substring, isCode: Bool) -> String {
    guard isCode, !line.isEmpty else { return String(line) }
    return style(.cyan, line.hasPrefix("    ") ? String(line) : "    " + line)
  }

  /// A heading, an item of a list, or a paragraph.
  private func block(_ text: String) -> [String] {
    let level = text.prefix { $0 == "#" }.count
    if (1...6).contains(level), text.dropFirst(level).first == " " {
      let plain = MarkdownWords(String(text.dropFirst(level + 1))).words.map { $0.shown(in: Style(isEnabled: false)) }
      return wrapped(plain.map { (style(.bold, $0), $0.displayWidth) }, first: "", rest: "") + [""]
    }
    let bullet = Self.bullet(of: Substring(text)) ?? ""
    let words = MarkdownWords(String(text.dropFirst(bullet.count))).words.map { word in
      (word.shown(in: style), word.width(in: style))
    }
    return wrapped(words, first: bullet, rest: String(repeating: " ", count: bullet.displayWidth))
  }

  /// `- `, `  * ` or `12. ` at the start of a line.
  private static func bullet(of line: Substring) -> String? {
    let indent = line.prefix { $0 == " " }
    let rest = line.dropFirst(indent.count)
    if rest.hasPrefix("- ") || rest.hasPrefix("* ") { return "\(indent)\(rest.prefix(2))" }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard (1...3).contains(digits.count), rest.dropFirst(digits.count).hasPrefix(". ") else { return nil }
    return "\(indent)\(digits). "
  }

  private func wrapped(_ words: [(text: String, width: Int)], first: String, rest: String) -> [String] {
    var lines: [String] = []
    var line = first
    var used = first.displayWidth
    var isEmpty = true
    for word in words {
      if !isEmpty, used + 1 + word.width > width {
        lines.append(line)
        line = rest
        used = rest.displayWidth
        isEmpty = true
      }
      line += isEmpty ? word.text : " " + word.text
      used += word.width + (isEmpty ? 0 : 1)
      isEmpty = false
    }
    return lines + [line]
  }

  /// Control characters would speak to the terminal; a tab is two spaces.
  static func printable(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\n", "\r\n": result.append("\n")
      case "\t": result += "  "
      default:
        let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        result.append(isControl ? "\u{FFFD}" : character)
      }
    }
    return result
  }
}
