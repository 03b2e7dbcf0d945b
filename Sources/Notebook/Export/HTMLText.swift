/// Text for HTML, where nothing of it can be a tag, an entity or an attribute.
enum HTMLText {
  /// Escapes scalar by scalar: a combining character behind `<` would hide it from a search by characters.
  static func escape(_ text: some StringProtocol) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      case "\t", "\n": escaped.append(scalar)
      // A page must not hold other control characters (HTML Living Standard, 13.2.3.5).
      case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}": escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// The text of rendered HTML, without its tags but with its entities.
  static func withoutTags(_ html: String) -> String {
    var isTag = false
    var text = String.UnicodeScalarView()
    for scalar in html.unicodeScalars {
      if scalar == "<" { isTag = true }
      if !isTag { text.append(scalar) }
      if scalar == ">" { isTag = false }
    }
    return String(text)
  }
}
