/// What the child writes, one message after another: a letter, the length of a payload in eight bytes, the payload.
///
/// All numbers are little-endian. A reply is one message `array` for each dataset in the order in which they were asked
/// for, then `end`; or at any place `failure`, and nothing more. The payload of an array is its type and its number of
/// axes in a byte each, eight bytes for each axis, and the elements.
enum Message: Equatable {
  case array(element: HDF5Array.Element, shape: [Int], bytes: ArraySlice<UInt8>)
  case failure(String)
  case end

  private static let headerLength = 9

  private var letter: UInt8 {
    switch self {
    case .array: UInt8(ascii: "A")
    case .failure: UInt8(ascii: "F")
    case .end: UInt8(ascii: "E")
    }
  }

  /// Everything before the elements, which may be too many to be copied.
  static func head(element: HDF5Array.Element, shape: [Int], byteCount: Int) -> [UInt8] {
    let description = [element.rawValue, UInt8(clamping: shape.count)] + shape.flatMap { Self.bytes(of: $0) }
    return [UInt8(ascii: "A")] + bytes(of: description.count + byteCount) + description
  }

  /// A message without elements.
  var encoded: [UInt8] {
    switch self {
    case .array(let element, let shape, let bytes):
      Self.head(element: element, shape: shape, byteCount: bytes.count) + bytes
    case .failure(let reason): [letter] + Self.bytes(of: reason.utf8.count) + reason.utf8
    case .end: [letter] + Self.bytes(of: 0)
    }
  }

  /// The message at the start of `bytes`, which is taken off them; nil where the bytes are no message or too few.
  init?(takenFrom bytes: inout ArraySlice<UInt8>) {
    guard bytes.count >= Self.headerLength, let letter = bytes.first,
      let length = Self.number(bytes.dropFirst().prefix(8)), length <= bytes.count - Self.headerLength
    else { return nil }
    let payload = bytes.dropFirst(Self.headerLength).prefix(length)
    switch letter {
    case UInt8(ascii: "A"):
      guard let array = Self.array(payload) else { return nil }
      self = array
    case UInt8(ascii: "F"): self = .failure(String(decoding: payload, as: UTF8.self))
    case UInt8(ascii: "E") where length == 0: self = .end
    default: return nil
    }
    bytes = bytes.dropFirst(Self.headerLength + length)
  }

  private static func array(_ payload: ArraySlice<UInt8>) -> Message? {
    var rest = payload
    guard let type = rest.popFirst(), let element = HDF5Array.Element(rawValue: type),
      let rank = rest.popFirst().map(Int.init), rest.count >= 8 * rank
    else { return nil }
    var shape: [Int] = []
    for _ in 0..<rank {
      guard let axis = number(rest.prefix(8)) else { return nil }
      shape.append(axis)
      rest = rest.dropFirst(8)
    }
    guard HDF5Array.byteCount(element, shape) == rest.count else { return nil }
    return .array(element: element, shape: shape, bytes: rest)
  }

  private static func bytes(of number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(clamping: number).littleEndian) { Array($0) }
  }

  /// A number of eight bytes; nil where it is too large for any length.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    Int(exactly: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
