import Language

extension Highlighter {
  /// Source painted for a terminal with the 16 colours of ECMA-48, which follow the reader's own scheme.
  ///
  /// Every line ends unpainted; control characters of the source are shown (U+2400 …), so that no text can steer the
  /// terminal.
  public static func ansi(_ source: Source, in part: Span? = nil) -> String {
    var painted = ""
    for (kind, text) in pieces(of: source, in: part) {
      guard let code = kind?.ansiCode else {
        painted += text.showingControls
        continue
      }
      let lines = text.showingControls.split(separator: "\n", omittingEmptySubsequences: false)
      painted += lines.map { $0.isEmpty ? "" : "\u{1B}[\(code)m\($0)\u{1B}[0m" }.joined(separator: "\n")
    }
    return painted
  }
}

extension HighlightClass {
  /// The parameter of "select graphic rendition"; nil for text in the terminal's own colour.
  var ansiCode: String? {
    switch self {
    case .keyword: "35"
    case .call: "34"
    case .label: "36"
    case .number: "33"
    case .string: "32"
    case .interpolation: "36"
    case .comment, .output: "2"
    case .documentation: "2;3"
    case .magic, .help: "1;35"
    case .header: "1"
    case .invalid: "31"
    case .operator, .markdown: nil
    }
  }
}

extension String {
  /// Without control characters that a terminal would obey; line ends and tabs stay, carriage returns before them go.
  var showingControls: String {
    var shown = String.UnicodeScalarView()
    for scalar in replacing("\r\n", with: "\n").unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A: shown.append(scalar)
      case ..<0x20: shown.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: shown.append("\u{2421}")
      case 0x80..<0xA0: shown.append("\u{FFFD}")
      default: shown.append(scalar)
      }
    }
    return String(shown)
  }
}
