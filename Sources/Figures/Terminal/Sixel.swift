/// Pixels for terminals with DEC's sixels (VT330/340 Programmer Reference Manual, volume 2, chapter 14).
///
/// Six rows of pixels are one line of characters; each colour paints its own pixels in it.
enum Sixel {
  /// The colour registers that terminals have.
  private static let mostColours = 256

  static func encode(_ raster: Raster) -> String {
    let palette = SixelPalette(of: raster, atMost: mostColours)
    var text = "\u{1B}P0;1q\"1;1;\(raster.width);\(raster.height)"
    for (index, colour) in palette.colours.enumerated() {
      text += "#\(index);2;\(colour.red);\(colour.green);\(colour.blue)"
    }
    for top in stride(from: 0, to: raster.height, by: 6) {
      let rows = top..<min(top + 6, raster.height)
      let used = Set(rows.flatMap { palette.indices[$0] }).sorted()
      let bands = used.map { colour in
        let sixels = (0..<raster.width).map { x in
          rows.reduce(UInt8(0)) { $0 | (palette.indices[$1][x] == colour ? 1 << UInt8($1 - top) : 0) }
        }
        return "#\(colour)" + runs(sixels)
      }
      // `$` goes back to the start of the line, `-` to the next one.
      text += bands.joined(separator: "$") + "-"
    }
    return text + "\u{1B}\\"
  }

  /// Equal characters in a row as `!count`.
  private static func runs(_ sixels: [UInt8]) -> String {
    var text = ""
    var start = 0
    while start < sixels.count {
      let end = sixels[start...].firstIndex { $0 != sixels[start] } ?? sixels.count
      let character = Character(UnicodeScalar(63 + sixels[start]))
      text += end - start > 3 ? "!\(end - start)\(character)" : String(repeating: character, count: end - start)
      start = end
    }
    return text
  }
}

/// The colours of a picture that are painted, and which of them each pixel gets.
private struct SixelPalette {
  /// Channels in percent, as sixels count them; the darkest first.
  let colours: [RGB]
  /// A row of indices into `colours` for each row of pixels.
  let indices: [[Int]]

  /// The most frequent colours; every other pixel gets the nearest of them.
  init(of raster: Raster, atMost limit: Int) {
    let pixels = (0..<raster.height).map { y in (0..<raster.width).map { Self.percent(raster[$0, y]) } }
    var counts: [RGB: Int] = [:]
    for colour in pixels.joined() { counts[colour, default: 0] += 1 }
    let ranked = counts.sorted { ($1.value, Self.code($0.key)) < ($0.value, Self.code($1.key)) }.map(\.key)
    let colours = ranked.prefix(limit).sorted { Self.code($0) < Self.code($1) }
    var nearest: [RGB: Int] = [:]
    for colour in ranked {
      nearest[colour] = colours.indices.min {
        Self.distance(colours[$0], colour) < Self.distance(colours[$1], colour)
      }
    }
    self.colours = colours
    indices = pixels.map { $0.map { nearest[$0] ?? 0 } }
  }

  private static func percent(_ colour: RGB) -> RGB {
    func percent(_ channel: UInt8) -> UInt8 { UInt8((Int(channel) * 100 + 127) / 255) }
    return RGB(percent(colour.red), percent(colour.green), percent(colour.blue))
  }

  private static func code(_ colour: RGB) -> Int {
    Int(colour.red) << 16 | Int(colour.green) << 8 | Int(colour.blue)
  }

  private static func distance(_ first: RGB, _ second: RGB) -> Int {
    func square(_ left: UInt8, _ right: UInt8) -> Int { (Int(left) - Int(right)) * (Int(left) - Int(right)) }
    return square(first.red, second.red) + square(first.green, second.green) + square(first.blue, second.blue)
  }
}
