/// Pixels in rows from the top, grey or red, green, blue, a byte each.
public struct Raster: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// 1 (grey) or 3 (red, green, blue, beside each other).
  public let channels: Int
  public internal(set) var bytes: [UInt8]

  /// The longest side of a picture in a figure, in pixels.
  public static let longestSide = 8192

  /// Nil if the bytes do not fill a picture of that size, or the size is none.
  public init?(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    guard (1...Self.longestSide).contains(width), (1...Self.longestSide).contains(height),
      channels == 1 || channels == 3, bytes.count == width * height * channels
    else { return nil }
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// A picture of one colour; sides are brought within 1 to `longestSide`.
  init(width: Int, height: Int, filledWith colour: RGB) {
    self.width = min(max(width, 1), Self.longestSide)
    self.height = min(max(height, 1), Self.longestSide)
    channels = 3
    bytes = []
    bytes.reserveCapacity(self.width * self.height * 3)
    for _ in 0..<self.width * self.height { bytes += [colour.red, colour.green, colour.blue] }
  }

  /// The colour of a pixel inside the picture.
  subscript(x: Int, y: Int) -> RGB {
    get {
      let start = (y * width + x) * channels
      return channels == 1
        ? RGB(bytes[start], bytes[start], bytes[start]) : RGB(bytes[start], bytes[start + 1], bytes[start + 2])
    }
    set {
      let start = (y * width + x) * channels
      if channels == 1 {
        bytes[start] = UInt8(min(max((newValue.lightness * 255).rounded(), 0), 255))
      } else {
        (bytes[start], bytes[start + 1], bytes[start + 2]) = (newValue.red, newValue.green, newValue.blue)
      }
    }
  }

  /// The mean colour of a part, with edges as shares of the sides.
  func mean(left: Double, top: Double, right: Double, bottom: Double) -> RGB {
    func pixels(_ start: Double, _ end: Double, _ count: Int) -> ClosedRange<Int> {
      let first = min(max(Int(exactly: (start * Double(count)).rounded(.down)) ?? 0, 0), count - 1)
      let last = min(max((Int(exactly: (end * Double(count)).rounded(.up)) ?? 0) - 1, first), count - 1)
      return first...last
    }
    let (columns, rows) = (pixels(left, right, width), pixels(top, bottom, height))
    var (red, green, blue) = (0, 0, 0)
    for y in rows {
      for x in columns {
        let colour = self[x, y]
        red += Int(colour.red)
        green += Int(colour.green)
        blue += Int(colour.blue)
      }
    }
    let count = columns.count * rows.count
    return RGB(UInt8(red / count), UInt8(green / count), UInt8(blue / count))
  }
}

/// A colour of the sRGB space.
public struct RGB: Sendable, Equatable, Hashable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// `0x0072B2`
  init(_ code: UInt32) {
    self.init(UInt8(code >> 16 & 0xFF), UInt8(code >> 8 & 0xFF), UInt8(code & 0xFF))
  }

  /// `#0072b2`
  var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// How light it looks, 0…1 (ITU-R BT.709 weights).
  var lightness: Double {
    (0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue)) / 255
  }

  /// The colour on the way to another one; 0 is this one, 1 the other.
  func mixed(with other: RGB, share: Double) -> RGB {
    let part = share.isFinite ? min(max(share, 0), 1) : 0
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8((Double(from) + (Double(to) - Double(from)) * part).rounded())
    }
    return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}
