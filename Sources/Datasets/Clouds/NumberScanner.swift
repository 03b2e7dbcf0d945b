/// Reads numbers and words from the bytes of a text, one after another.
///
/// White space separates them; `#` begins a comment that ends with its line.
struct NumberScanner {
  let path: String
  private let bytes: [UInt8]
  /// Byte of the text at which reading goes on.
  private(set) var position = 0

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  var isAtEnd: Bool { position >= bytes.count }
  /// The bytes not yet read.
  var rest: Int { bytes.count - position }

  /// The error for what stands at the position.
  func failure(expected: String) -> DatasetError {
    let token = bytes[position...].prefix { $0 > 32 }.prefix(24)
    let shown = token.isEmpty ? "the end of the line" : "'\(String(decoding: token, as: UTF8.self))'"
    let found = isAtEnd ? "the end" : shown
    return .malformed(path: path, offset: position, expected: expected, found: found)
  }

  /// Skips white space and comments, over the ends of lines.
  mutating func skipSpace() {
    while !isAtEnd {
      let byte = bytes[position]
      if byte == UInt8(ascii: "#") { skipLine() } else if byte <= 32 { position += 1 } else { return }
    }
  }

  /// Skips blanks, and commas where `commas` separate; stays on the line.
  mutating func skipBlanks(commas: Bool = false) {
    while !isAtEnd, bytes[position] == 32 || bytes[position] == 9 || commas && bytes[position] == UInt8(ascii: ",") {
      position += 1
    }
  }

  /// Whether nothing but a comment is left of the line.
  var isAtLineEnd: Bool {
    isAtEnd || bytes[position] == 10 || bytes[position] == 13 || bytes[position] == UInt8(ascii: "#")
  }

  /// Skips the rest of the line, up to its end.
  mutating func skipLine() {
    while !isAtEnd, bytes[position] != 10, bytes[position] != 13 { position += 1 }
  }

  /// Skips `word` if it stands at the position, whatever follows.
  mutating func accept(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func acceptMinus() -> Bool {
    guard !isAtEnd, bytes[position] == UInt8(ascii: "-") else { return false }
    position += 1
    return true
  }

  /// The bytes up to the next white space.
  mutating func word() -> ArraySlice<UInt8> {
    let word = bytes[position...].prefix { $0 > 32 }
    position = word.endIndex
    return word
  }

  /// A whole number that an `Int` holds.
  mutating func integer(_ expected: String) throws -> Int {
    let start = position
    let isNegative = acceptMinus()
    var (value, digits) = (0, 0)
    while !isAtEnd, case let digit = Int(bytes[position]) - 48, (0...9).contains(digit) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(digit)
      guard !overflow, !overflows else { return try rewound(to: start, expected) }
      (value, digits, position) = (sum, digits + 1, position + 1)
    }
    guard digits > 0 else { return try rewound(to: start, expected) }
    return isNegative ? -value : value
  }

  /// A finite number, in any of the spellings that C prints.
  mutating func number(_ expected: String = "a number") throws -> Float {
    let start = position
    guard let value = plainNumber() ?? spelledNumber(from: start), value.isFinite, Float(value).isFinite else {
      return try rewound(to: start, expected)
    }
    return Float(value)
  }

  private mutating func rewound<Value>(to start: Int, _ expected: String) throws -> Value {
    position = start
    throw failure(expected: expected)
  }

  /// Digits with at most one point whose value is exact before the one division; nil for all else.
  private mutating func plainNumber() -> Double? {
    let isNegative = acceptMinus()
    var (mantissa, digits, decimals) = (0, 0, 0)
    var hasPoint = false
    while !isAtEnd {
      let byte = bytes[position]
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if case let digit = Int(byte) - 48, (0...9).contains(digit) {
        mantissa = mantissa &* 10 &+ digit
        digits += 1
        if hasPoint { decimals += 1 }
      } else {
        break
      }
      position += 1
    }
    // Up to 15 digits and 10²² are doubles without rounding.
    guard (1...15).contains(digits) else { return nil }
    if !isAtEnd, bytes[position] > 32, bytes[position] != UInt8(ascii: ","), bytes[position] != UInt8(ascii: "#") {
      return nil
    }
    let value = Double(mantissa) / Self.powersOfTen[decimals]
    return isNegative ? -value : value
  }

  /// Any other spelling, with an exponent or many digits.
  private mutating func spelledNumber(from start: Int) -> Double? {
    let token = bytes[start...].prefix { $0 > 32 && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "#") }
    // Swift's own parser also knows hexadecimal numbers and names, which no cloud has.
    guard token.count <= 64, token.allSatisfy(Self.numberBytes.contains),
      let value = Double(String(decoding: token, as: UTF8.self))
    else { return nil }
    position = token.endIndex
    return value
  }

  private static let numberBytes = Set("0123456789+-.eE".utf8)

  private static let powersOfTen: [Double] = (0...15).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }
}
