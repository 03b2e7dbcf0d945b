/// Pixels for terminals that know the graphics protocol of kitty (https://sw.kovidgoyal.net/kitty/graphics-protocol).
enum Kitty {
  /// The most bytes of text that one command may carry.
  static let longestPiece = 4_096

  /// Commands that send a PNG and show it at the cursor; nil where there is no memory for it.
  ///
  /// - Parameters:
  ///   - cellWidth: The pixels that a column is taken for; the terminal scales to its own.
  static func encode(_ raster: Raster, cellWidth: Int, cellHeight: Int) -> String? {
    guard let png = try? PNG.encode(raster) else { return nil }
    let content = Array(Base64.encode(png).utf8)
    let columns = (raster.width + cellWidth - 1) / cellWidth
    let rows = (raster.height + cellHeight - 1) / cellHeight
    var text = ""
    for start in stride(from: 0, to: content.count, by: longestPiece) {
      let piece = content[start..<min(start + longestPiece, content.count)]
      // a=T: send and show; f=100: PNG; q=2: no answer, which would be read as typed; m=1: more follows.
      let controls = start == 0 ? "a=T,f=100,q=2,c=\(columns),r=\(rows)," : ""
      let more = start + longestPiece < content.count ? 1 : 0
      text += "\u{1B}_G\(controls)m=\(more);\(String(decoding: piece, as: UTF8.self))\u{1B}\\"
    }
    return text
  }
}
