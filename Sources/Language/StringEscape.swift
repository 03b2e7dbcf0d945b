/// An escape in a string: a backslash, a letter, and the byte that they stand for; `\u{…}` is read apart.
public struct StringEscape: Sendable {
  /// What stands behind the backslash.
  public let letter: UInt8
  public let value: UInt8
  public let summary: String

  /// As it is written: `\n`.
  public var spelling: String { "\\" + String(UnicodeScalar(letter)) }

  /// The table that the lexer reads strings by.
  public static let all: [StringEscape] = [
    .init(letter: UInt8(ascii: "n"), value: 0x0A, summary: "line end"),
    .init(letter: UInt8(ascii: "t"), value: 0x09, summary: "tab"),
    .init(letter: UInt8(ascii: "\""), value: UInt8(ascii: "\""), summary: "double quote"),
    .init(letter: UInt8(ascii: "\\"), value: UInt8(ascii: "\\"), summary: "backslash"),
    .init(letter: UInt8(ascii: "{"), value: UInt8(ascii: "{"), summary: "brace that begins no interpolation"),
    .init(letter: UInt8(ascii: "}"), value: UInt8(ascii: "}"), summary: "closing brace"),
  ]

  /// The escape of a Unicode scalar by its hexadecimal number.
  public static let unicodeSpelling = "\\u{…}"

  static let allSpellings = all.map(\.spelling) + [unicodeSpelling]
}
