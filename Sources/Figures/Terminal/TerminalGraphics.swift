/// What a terminal can show, from the most to the least.
public enum TerminalGraphics: String, Sendable, CaseIterable {
  /// Pixels by the graphics protocol of kitty.
  case kitty
  /// Pixels by DEC's sixels.
  case sixel
  /// UTF-8 and colours of 24 bits: two coloured pixels a character, and coloured braille.
  case halfBlocks
  /// UTF-8 without colours or control sequences.
  case braille
  /// ASCII without control sequences.
  case ascii

  /// Whether text is painted with control sequences.
  var hasColour: Bool { self == .halfBlocks }
}
