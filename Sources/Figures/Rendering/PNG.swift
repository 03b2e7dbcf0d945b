import CPictures

/// Pictures as PNG files (ISO/IEC 15948).
public enum PNG {
  /// A raster, compressed by libpng.
  ///
  /// - Throws: `FigureError` where there is not enough memory.
  public static func encode(_ raster: Raster) throws -> [UInt8] {
    var count = 0
    guard
      let bytes = pictures_encode_png(
        raster.bytes, Int32(raster.width), Int32(raster.height), Int32(raster.channels), &count)
    else { throw FigureError("not enough memory to write a picture of \(raster.width) x \(raster.height) as PNG") }
    defer { pictures_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// A raster without compression: the same bytes on all machines, whatever their zlib.
  static func stored(_ raster: Raster) -> [UInt8] {
    let rowLength = raster.width * raster.channels
    var rows: [UInt8] = []
    rows.reserveCapacity((rowLength + 1) * raster.height)
    for row in 0..<raster.height {
      rows.append(0)  // no filter
      rows += raster.bytes[row * rowLength..<(row + 1) * rowLength]
    }
    let header = bigEndian(raster.width) + bigEndian(raster.height) + [8, raster.channels == 1 ? 0 : 2, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", deflated(rows))
      + chunk("IEND", [])
  }

  /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).
  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    let longest = 65_535
    for start in stride(from: 0, to: max(bytes.count, 1), by: longest) {
      let block = bytes[start..<min(start + longest, bytes.count)]
      let count = UInt16(block.count)
      stream += [
        start + longest >= bytes.count ? 1 : 0, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF),
        UInt8(~count >> 8),
      ]
      stream += block
    }
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return stream + bigEndian(Int(high << 16 | low))
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bigEndian(content.count) + body + bigEndian(Int(checksum(body)))
  }

  /// CRC-32 as PNG, zip and Ethernet have it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

/// Why a figure cannot be written.
public struct FigureError: Error, Equatable, CustomStringConvertible, Sendable {
  public let description: String

  init(_ description: String) { self.description = description }
}
