/// Pixels for terminals with DEC's sixels (VT330/340 Programmer Reference Manual, volume 2, chapter 14).
///
/// Six rows of pixels are one line of characters; each colour paints its own pixels in it.
enum Sixel {
  /// Six levels of each channel, as the 216 colours of the web.
  private static let levels = 6

  static func encode(_ raster: Raster) -> String {
    var text = "\u{1B}P0;1q\"1;1;\(raster.width);\(raster.height)"
    let indices = (0..<raster.height).map { y in (0..<raster.width).map { index(of: raster[$0, y]) } }
    for colour in Set(indices.joined()).sorted() {
      // Channels in percent.
      let channels = [colour / 36, colour / 6 % 6, colour % 6].map { $0 * 100 / (levels - 1) }
      text += "#\(colour);2;\(channels[0]);\(channels[1]);\(channels[2])"
    }
    for top in stride(from: 0, to: raster.height, by: 6) {
      let rows = top..<min(top + 6, raster.height)
      let colours = Set(rows.flatMap { Set(indices[$0]) }).sorted()
      let bands = colours.map { colour in
        "#\(colour)" + runs((0..<raster.width).map { x in
          rows.reduce(UInt8(0)) { $0 | (indices[$1][x] == colour ? 1 << UInt8($1 - top) : 0) }
        })
      }
      // `$` goes back to the start of the line, `-` to the next one.
      text += bands.joined(separator: "$") + "-"
    }
    return text + "\u{1B}\\"
  }

  private static func index(of colour: RGB) -> Int {
    func level(_ channel: UInt8) -> Int { (Int(channel) * (levels - 1) + 127) / 255 }
    return level(colour.red) * 36 + level(colour.green) * 6 + level(colour.blue)
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
