/// The font of pixels that PNG pictures are written in: 7 across, 13 down, the baseline below the 11th row.
enum BitmapFont {
  /// From one character to the next, in points.
  static let advance = 7.0
  static let height = 13
  static let ascent = 11

  /// A byte a row from the top, the leftmost pixel in the highest bit.
  static func rows(of character: Character) -> [UInt8] {
    if character == " " || character == "\u{A0}" { return [] }
    return glyphs[character] ?? missing
  }

  /// A box for what the font does not hold.
  private static let missing: [UInt8] = [0, 0, 0x7C, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x7C, 0, 0]

  private static let glyphs: [Character: [UInt8]] = {
    var glyphs: [Character: [UInt8]] = [:]
    for line in source.split(separator: "\n") {
      guard let character = line.first else { continue }
      let digits = Array(line.dropFirst(2).utf8)
      glyphs[character] = stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
      }
    }
    return glyphs
  }()
}
