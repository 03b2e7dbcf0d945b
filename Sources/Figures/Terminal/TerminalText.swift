/// How a terminal that shows characters writes them: with paint or without, beyond ASCII or not.
struct TerminalText {
  let graphics: TerminalGraphics
  private let palette = Palette.dark

  var isASCII: Bool { graphics == .ascii }

  /// The marks of series in legends and on lines.
  func mark(of series: Int) -> Character {
    let marks = Array(isASCII ? "*o+x#%@&" : "●■✕◆✚○□◇")
    return marks[((series % marks.count) + marks.count) % marks.count]
  }

  /// Text in the colour of a series, or as it is.
  func paint(_ text: String, series: Int?) -> String {
    guard graphics.hasColour, let series else { return text }
    return paint(text, foreground: palette.colour(.series(series)))
  }

  func paint(_ text: String, foreground: RGB?, background: RGB? = nil) -> String {
    guard graphics.hasColour else { return text }
    func code(_ ground: Int, _ colour: RGB) -> String { "\(ground);2;\(colour.red);\(colour.green);\(colour.blue)" }
    let codes = [foreground.map { code(38, $0) }, background.map { code(48, $0) }].compactMap { $0 }
    return codes.isEmpty ? text : "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  /// A text of a figure as one line that takes at most so many columns, in ASCII where it must be.
  func caption(_ text: String, _ limit: Int) -> String {
    guard isASCII else {
      var width = 0
      let line = text.caption(limit)
      return String(line.prefix { character in
        width += character.columns
        return width <= limit
      })
    }
    let line = text.caption(1_000).map { $0.isASCII ? $0 : $0 == "…" ? "." : "?" }
    return String(line.prefix(max(limit, 0)))
  }

  /// Text with spaces before it, as wide as asked for.
  func right(_ text: String, _ width: Int) -> String { spaces(width - text.columns) + text }

  /// Text with spaces behind it.
  func left(_ text: String, _ width: Int) -> String { text + spaces(width - text.columns) }

  func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
}

extension Character {
  /// The columns that it takes: two for East Asian scripts and pictograms, as terminals have it, else one.
  fileprivate var columns: Int {
    switch unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}

extension String {
  /// The columns that it takes on a terminal.
  var columns: Int { reduce(0) { $0 + $1.columns } }
}
