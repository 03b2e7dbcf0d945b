/// A file inside a page: `data:` URIs (RFC 2397).
///
/// A figure comes into a page as an image, not as elements of it: so no script of a stranger's figure runs, and the
/// styles and ids of two figures do not meet.
enum DataURI {
  /// SVG as text, with only those bytes escaped that a URI in an attribute must not hold.
  static func svg(_ bytes: [UInt8]) -> String {
    var escaped = Array("data:image/svg+xml,".utf8)
    escaped.reserveCapacity(bytes.count * 5 / 4)
    for byte in bytes {
      if isPlain(byte) { escaped.append(byte) } else { escaped += percentEncoded(byte) }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  /// `%2F` (RFC 3986, 2.1).
  static func percentEncoded(_ byte: UInt8) -> [UInt8] {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10 }
    return [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
  }

  static func base64(_ bytes: [UInt8], type: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text = Array("data:\(type);base64,".utf8)
    text.reserveCapacity(text.count + bytes.count * 4 / 3 + 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? digits[(bits >> (18 - 6 * place)) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The media type that an image's name promises, nil for what a page does not show.
  static func mediaType(of path: String) -> String? {
    switch path.split(separator: ".").last?.lowercased() {
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    case "gif": "image/gif"
    case "webp": "image/webp"
    default: nil
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: " -_.~/:=,;()+*!$@?".utf8.contains(byte)
    }
  }
}
