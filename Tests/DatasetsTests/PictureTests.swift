import Foundation
import Testing

@testable import Datasets

@Suite struct PictureTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A grey slope of `width` x `height`.
  private func slope(_ width: Int, _ height: Int) throws -> Picture {
    let plane = (0..<width * height).map { UInt8(truncatingIfNeeded: $0) }
    return try Picture(pixels: plane + plane + plane, channels: 3, height: height, width: width)
  }

  @Test(arguments: [PictureFixture.png, PictureFixture.pngWithAlpha])
  func decodesPNG(base64: String) throws {
    let picture = try Picture(decoding: decoded(base64), path: "a.png")
    #expect(picture.shape == [3, 3, 5])
    for y in 0..<3 {
      for x in 0..<5 {
        let colour = (0..<3).map { Int(picture.pixels[$0 * 15 + y * 5 + x]) }
        #expect(colour == [x * 50, y * 100, (x + y) * 30])
      }
    }
  }

  @Test func decodesJPEG() throws {
    let picture = try Picture(decoding: decoded(PictureFixture.jpeg), path: "a.jpg")
    #expect(picture.shape == [3, 8, 8])
    for (channel, value) in [199, 60, 19].enumerated() {
      #expect(picture.pixels[channel * 64..<channel * 64 + 64].allSatisfy { abs(Int($0) - value) <= 1 })
    }
  }

  @Test func writesPNG() throws {
    let picture = try slope(7, 5)
    try picture.writePNG(to: scratch.path + "/a.png")
    #expect(try Picture(contentsOf: scratch.path + "/a.png") == picture)
    let grey = try Picture(pixels: [0, 128, 255], channels: 1, height: 1, width: 3)
    #expect(try Picture(decoding: grey.png(), path: "").pixels == [0, 128, 255, 0, 128, 255, 0, 128, 255])
  }

  @Test func brokenPictures() throws {
    let png = try decoded(PictureFixture.png)
    let cut = message(scratch) { try Picture(decoding: Array(png.prefix(60)), path: "a.png") }
    #expect(cut.hasPrefix("a.png: cannot be decoded: "))
    let jpeg = try decoded(PictureFixture.jpeg)
    let short = message(scratch) { try Picture(decoding: Array(jpeg.prefix(150)), path: "a.jpg") }
    #expect(short.hasPrefix("a.jpg: cannot be decoded: "))
    #expect(
      message(scratch) { try Picture(decoding: [71, 73, 70], path: "a.gif") }
        == "a.gif: neither a PNG nor a JPEG picture; convert it to one of them")
  }

  @Test func declaredSizeIsBounded() throws {
    var png = try decoded(PictureFixture.png)
    // The width of the header, then its checksum, computed by another program.
    png.replaceSubrange(16..<20, with: [0, 0, 0x40, 0])
    png.replaceSubrange(29..<33, with: crc(Array(png[12..<29])))
    #expect(
      message(scratch) { try Picture(decoding: png, path: "a.png") }
        == "a.png: cannot be decoded: 16384 x 3 pixels; at most 8192 a side and 33554432 altogether are read")
  }

  /// The checksum of a PNG chunk, bit by bit.
  private func crc(_ bytes: [UInt8]) -> [UInt8] {
    var value: UInt32 = .max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    value = ~value
    return (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  @Test func centreCrop() throws {
    #expect(try slope(5, 3).centreCropped(to: 1).pixels == [7, 7, 7])
    // An odd rest: torchvision rounds halves to even, so 4 - 1 = 3 begins at 2 and 2 - 1 = 1 at 0.
    #expect(try slope(4, 2).centreCropped(to: 1).pixels == [2, 2, 2])
    #expect(
      message(scratch) { try slope(4, 2).centreCropped(to: 3, path: "a.png") }
        == "a.png: 4 x 2 pixels are too few for a crop of 3 x 3; resize it instead")
  }

  @Test func resizing() throws {
    let square = try Picture(pixels: [0, 100, 200, 100], channels: 1, height: 2, width: 2)
    #expect(try square.resized(to: 1).pixels == [100])
    #expect(
      try square.resized(to: 4).pixels == [0, 0, 100, 100, 0, 0, 100, 100, 200, 200, 100, 100, 200, 200, 100, 100])
    #expect(try square.resized(to: 3).pixels == [0, 50, 100, 100, 100, 100, 200, 150, 100])
  }
}

@Suite struct PictureFolderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func png(_ value: UInt8, side: Int = 34) throws -> [UInt8] {
    try Picture(pixels: [UInt8](repeating: value, count: side * side), channels: 1, height: side, width: side).png()
  }

  @Test func naturalOrderAndLabels() throws {
    for number in [10, 2, 1] { try scratch.write("pics/\(number).jpg", png(UInt8(number))) }
    let labels = try scratch.write("labels.txt", Array("6.000000000000000000e+00\n0\r\n 3 \n\n".utf8))
    let contents = try PictureFolder.load(scratch.path + "/pics", labels: labels)
    #expect(contents.images.labels == [6, 0, 3])
    #expect((0..<3).map { contents.images.sample($0).first } == [1, 2, 10])
    #expect(contents.images.classNames.count == 7)
    #expect(contents.images.shape == [3, 32, 32])
  }

  @Test func classFolders() throws {
    try scratch.write("set/cat/a.png", png(1))
    try scratch.write("set/dog/a.png", png(2))
    try scratch.write("set/dog/b.png", png(3))
    let contents = try PictureFolder.load(scratch.path + "/set", size: 8, channels: 1, fitting: .resize)
    #expect(contents.images.labels == [0, 1, 1])
    #expect(contents.images.classNames == ["cat", "dog"])
    #expect(contents.images.sampleLength == 64)
  }

  @Test func whatIsPassedOver() throws {
    try scratch.write("set/a.png", png(1))
    try scratch.write("set/notes.txt", Array("text".utf8))
    let outside = try scratch.write("outside.png", png(2))
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/set/link.png", withDestinationPath: outside)
    let contents = try PictureFolder.load(scratch.path + "/set")
    #expect(contents.images.count == 1)
    let notes = contents.notes.map { $0.replacingOccurrences(of: scratch.path + "/", with: "") }
    #expect(
      notes == [
        "set/link.png: passed over, a link that leads out of the folder or nowhere",
        "set/notes.txt: passed over, neither PNG nor JPEG",
      ])
  }

  @Test func errors() throws {
    try scratch.write("small/a.png", png(1, side: 31))
    #expect(
      message(scratch) { try PictureFolder.load(scratch.path + "/small") }
        == "small/a.png: 31 x 31 pixels are too few for a crop of 32 x 32; resize it instead")
    try scratch.write("broken/a.png", Array(png(1).prefix(50)))
    #expect(
      message(scratch) { try PictureFolder.load(scratch.path + "/broken") }
        .hasPrefix("broken/a.png: cannot be decoded: "))
    #expect(
      message(scratch) { try PictureFolder.load(scratch.path + "/nowhere") }
        == "nowhere: a folder of PNG or JPEG pictures is missing; check the path")
    let labels = try scratch.write("labels.txt", Array("1\ntwo\n".utf8))
    try scratch.write("one/a.png", png(1))
    #expect(
      message(scratch) { try PictureFolder.load(scratch.path + "/one", labels: labels) }
        == "labels.txt: at byte 2: expected a whole number of 0 to 99999, one a line, found 'two'")
    try scratch.write("labels.txt", Array("1\n2\n".utf8))
    #expect(
      message(scratch) { try PictureFolder.load(scratch.path + "/one", labels: labels) }
        == "labels.txt: at byte 4: expected 1 labels, one for each picture, found 2")
  }

  @Test func naturalOrder() {
    let names = ["b", "a10", "a2", "a02", "a", "10", "9", "a2b"]
    #expect(names.sorted(by: NaturalOrder.precedes) == ["9", "10", "a", "a02", "a2", "a2b", "a10", "b"])
  }
}
