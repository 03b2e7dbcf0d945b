import CPictures
import Files

/// One picture: bytes in the order channel, row, column.
public struct Picture: Sendable, Equatable {
  /// [channels, height, width]
  public let pixels: [UInt8]
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  public let height: Int
  public let width: Int

  /// [channels, height, width]
  public var shape: [Int] { [channels, height, width] }

  static let longestSide = 8192
  static let mostPixels = 1 << 25
  static let longestFile = 1 << 26

  /// A picture whose bytes fill its size; throws `DatasetError.request` if they do not.
  public init(pixels: [UInt8], channels: Int, height: Int, width: Int) throws {
    guard channels == 1 || channels == 3, (1...Self.longestSide).contains(height),
      (1...Self.longestSide).contains(width), pixels.count == channels * height * width
    else {
      throw DatasetError.request(
        "\(pixels.count) bytes do not make a picture of [\(channels), \(height), \(width)]; "
          + "it has 1 or 3 channels and 1 to \(Self.longestSide) pixels a side")
    }
    self.init(checked: pixels, channels: channels, height: height, width: width)
  }

  init(checked pixels: [UInt8], channels: Int, height: Int, width: Int) {
    self.pixels = pixels
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The picture in a PNG or JPEG file, told apart by content, in three channels; alpha is dropped.
  public init(contentsOf path: String) throws {
    try self.init(decoding: FileReader.contents(of: path, limit: Self.longestFile), path: path)
  }

  /// Whether bytes begin as PNG or JPEG files do.
  static func isPicture(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: pngMark) || bytes.starts(with: jpegMark)
  }

  private static let pngMark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let jpegMark: [UInt8] = [0xFF, 0xD8, 0xFF]

  init(decoding bytes: [UInt8], path: String) throws {
    guard Self.isPicture(bytes) else {
      throw DatasetError.picture(path: path, reason: "neither a PNG nor a JPEG picture; convert it to one of them")
    }
    let decode = bytes.starts(with: Self.pngMark) ? pictures_decode_png : pictures_decode_jpeg
    var result = decode(bytes, bytes.count, Int32(Self.longestSide), Int64(Self.mostPixels))
    guard let interleaved = result.pixels else {
      let reason = withUnsafeBytes(of: &result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw DatasetError.picture(path: path, reason: "cannot be decoded: \(reason)")
    }
    defer { pictures_free(interleaved) }
    let (height, width) = (Int(result.height), Int(result.width))
    let area = height * width
    let planes = [UInt8](unsafeUninitializedCapacity: 3 * area) { planes, initialized in
      for channel in 0..<3 {
        for pixel in 0..<area { planes[channel * area + pixel] = interleaved[3 * pixel + channel] }
      }
      initialized = 3 * area
    }
    self.init(checked: planes, channels: 3, height: height, width: width)
  }

  /// The picture as the bytes of a PNG file.
  public func png() throws -> [UInt8] {
    let area = height * width
    var interleaved = [UInt8](repeating: 0, count: pixels.count)
    for channel in 0..<channels {
      for pixel in 0..<area { interleaved[channels * pixel + channel] = pixels[channel * area + pixel] }
    }
    var count = 0
    guard
      let bytes = pictures_encode_png(interleaved, Int32(width), Int32(height), Int32(channels), &count)
    else {
      throw DatasetError.request("not enough memory to write a picture of \(width) x \(height) as PNG")
    }
    defer { pictures_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Writes the picture as a PNG file, whole or not at all.
  public func writePNG(to path: String) throws {
    try AtomicFile.write(png(), to: path)
  }

  /// The central `side` x `side` pixels, as torchvision's CenterCrop cuts them.
  public func centreCropped(to side: Int, path: String = "picture") throws -> Picture {
    guard side >= 1, side <= min(height, width) else {
      throw DatasetError.picture(
        path: path, reason: "\(width) x \(height) pixels are too few for a crop of \(side) x \(side); resize it instead"
      )
    }
    // Halves round to even, as Python's round does in torchvision.
    let top = Int((Double(height - side) / 2).rounded(.toNearestOrEven))
    let left = Int((Double(width - side) / 2).rounded(.toNearestOrEven))
    var cropped: [UInt8] = []
    cropped.reserveCapacity(channels * side * side)
    for channel in 0..<channels {
      for row in top..<top + side {
        let start = (channel * height + row) * width + left
        cropped.append(contentsOf: pixels[start..<start + side])
      }
    }
    return Picture(checked: cropped, channels: channels, height: side, width: side)
  }

  /// The picture with its shorter side scaled to `side` pixels and the middle cut out, by averages over areas.
  ///
  /// Every new pixel is the mean of the old area under it, in whole numbers, so that all machines agree.
  public func resized(to side: Int) throws -> Picture {
    guard (1...Self.longestSide).contains(side) else {
      throw DatasetError.request("pictures are resized to 1 to \(Self.longestSide) pixels a side, not \(side)")
    }
    let square = min(height, width)
    let middle = try centreCropped(to: square)
    var output: [UInt8] = []
    output.reserveCapacity(channels * side * side)
    let covers = (0..<side).map { Self.cover($0, square, side) }
    for channel in 0..<channels {
      let plane = channel * square * square
      for rows in covers {
        for columns in covers {
          var sum = 0
          for (y, high) in rows {
            for (x, wide) in columns {
              sum += high * wide * Int(middle.pixels[plane + y * square + x])
            }
          }
          output.append(UInt8((sum + square * square / 2) / (square * square)))
        }
      }
    }
    return Picture(checked: output, channels: channels, height: side, width: side)
  }

  /// The old pixels under new pixel `index`, with the length of each overlap in units of 1/side old pixels.
  private static func cover(_ index: Int, _ square: Int, _ side: Int) -> [(pixel: Int, overlap: Int)] {
    let (start, end) = (index * square, (index + 1) * square)
    return (start / side...(end - 1) / side).map { pixel in
      (pixel, min(end, (pixel + 1) * side) - max(start, pixel * side))
    }
  }
}
