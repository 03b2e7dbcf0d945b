/// Text as a terminal shows it: tabs are spaces, control characters are visible, and every character has a width.
struct DisplayText {
  private(set) var text = ""
  /// In columns of a terminal.
  private(set) var width = 0

  /// Lays text out from a column, on which the width of a tab depends.
  init(_ source: String, from column: Int = 0) {
    for character in source {
      if character == "\t" {
        let spaces = 4 - (column + width) % 4
        text += String(repeating: " ", count: spaces)
        width += spaces
      } else if let scalar = character.unicodeScalars.first, scalar.properties.generalCategory == .control {
        text += "\u{FFFD}"
        width += 1
      } else {
        text.append(character)
        width += Self.width(of: character)
      }
    }
  }

  /// As many of the first characters as fit.
  func prefix(_ columns: Int) -> String {
    var left = columns
    return String(
      text.prefix {
        left -= Self.width(of: $0)
        return left >= 0
      })
  }

  /// As many of the last characters as fit.
  func suffix(_ columns: Int) -> String {
    var left = columns
    let reversed = text.reversed().prefix {
      left -= Self.width(of: $0)
      return left >= 0
    }
    return String(reversed.reversed())
  }

  /// 0 for what combines with its neighbour, 2 for East Asian wide characters and emoji, else 1 (UAX #11).
  static func width(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
