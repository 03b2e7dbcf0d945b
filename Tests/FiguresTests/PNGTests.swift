import CPictures
import Testing

@testable import Figures

/// Decodes with libpng, as any reader would.
private func decoded(_ bytes: [UInt8]) throws -> Raster {
  let result = pictures_decode_png(bytes, bytes.count, 8_192, 1 << 26)
  let pixels = try #require(result.pixels)
  defer { pictures_free(pixels) }
  let count = Int(result.width) * Int(result.height) * 3
  return try #require(
    Raster(
      width: Int(result.width), height: Int(result.height), channels: 3,
      bytes: Array(UnsafeBufferPointer(start: pixels, count: count))))
}

@Suite struct PNGTests {
  @Test(arguments: Sample.all)
  func eachKindIsAPictureOfItsSize(figure: Figure) throws {
    let drawing = Drawing(figure)
    let raster = drawing.rasterized()
    let bytes = try PNG.encode(raster)
    #expect(try PNG.encode(Drawing(figure).rasterized()) == bytes)
    #expect(try decoded(bytes) == raster)
    #expect(raster.width == Int(drawing.width) && raster.height == Int(drawing.height))
    #expect(raster[0, 0] == RGB(255, 255, 255))
    #expect(raster.bytes.contains { $0 < 100 })
  }

  @Test func storedPicturesDecodeToo() throws {
    for channels in [1, 3] {
      // More than one stored block.
      let bytes = (0..<300 * 250 * channels).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      let raster = try #require(Raster(width: 300, height: 250, channels: channels, bytes: bytes))
      let read = try decoded(PNG.stored(raster))
      #expect((0..<250).allSatisfy { y in (0..<300).allSatisfy { read[$0, y] == raster[$0, y] } })
    }
  }

  @Test func marksCoverTheirPixels() {
    var drawing = Drawing(width: 20, height: 10, title: "")
    drawing.marks = [
      .rectangle(x: 2, y: 2, width: 3.5, height: 2, ink: .colour(RGB(0, 0, 0))),
      .line(from: .init(10, 5.5), to: .init(18, 5.5), ink: .colour(RGB(0, 0, 0)), width: 1),
    ]
    let raster = drawing.rasterized()
    #expect(raster[2, 2] == RGB(0, 0, 0) && raster[4, 3] == RGB(0, 0, 0))
    // Half a pixel is half covered.
    #expect(raster[5, 2].red == 128)
    #expect(raster[1, 2] == RGB(255, 255, 255) && raster[2, 4] == RGB(255, 255, 255))
    #expect((10..<18).allSatisfy { raster[$0, 5] == RGB(0, 0, 0) && raster[$0, 4] == RGB(255, 255, 255) })
  }

  @Test func overlapsOfOneMarkDoNotAddUp() {
    var drawing = Drawing(width: 12, height: 12, title: "")
    drawing.marks = [.symbols(.square, [.init(6, 6), .init(6, 6)], radius: 4, ink: .colour(RGB(0, 0, 0)), opacity: 0.5)]
    #expect(drawing.rasterized()[6, 6].red == 128)
  }

  @Test func textIsWritten() {
    var drawing = Drawing(width: 30, height: 20, title: "")
    drawing.marks = [.text("I", .init(10, 15), anchor: .start, font: .label, ink: .colour(RGB(0, 0, 0)))]
    let raster = drawing.rasterized()
    let dark = (0..<20).flatMap { y in (0..<30).map { ($0, y) } }.filter { raster[$0.0, $0.1].red == 0 }
    #expect(dark.count > 10)
    #expect(dark.allSatisfy { (10..<17).contains($0.0) && (4..<15).contains($0.1) })
  }

  @Test func theFontHasALetterForEachCharacterOfASCIIAndLatin1() {
    let box = BitmapFont.rows(of: "漢")
    for value in Array(0x21...0x7E) + Array(0xA1...0xFF) where value != 0xAD {
      let character = Character(UnicodeScalar(UInt8(value)))
      let rows = BitmapFont.rows(of: character)
      #expect(rows.count == BitmapFont.height && rows != box && rows.contains { $0 != 0 }, "\(character)")
    }
  }

  @Test func dashesKeepTheirLengths() {
    let strokes = Dashes([3, 2]).strokes(along: [.init(0, 0), .init(4, 0), .init(10, 0)])
    #expect(strokes == [[.init(0, 0), .init(3, 0)], [.init(5, 0), .init(8, 0)]])
    #expect(Dashes([]).strokes(along: [.init(0, 0), .init(1, 0)]).count == 1)
    #expect(Dashes([0, 0]).strokes(along: [.init(0, 0), .init(1, 0)]).count == 1)
  }
}
