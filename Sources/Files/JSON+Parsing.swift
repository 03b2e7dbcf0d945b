extension JSON {
  /// Reads one JSON text strictly: UTF-8, no name twice in an object, nesting of at most `deepest`.
  ///
  /// Names that differ only in how Unicode composes their letters count as the same.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Failure(reason: "the text is not UTF-8", offset: 0)
    }
    var parser = Parser(bytes: bytes)
    self = try parser.document()
  }

  /// Reads one JSON text.
  public init(parsing text: String) throws(Failure) { try self.init(parsing: Array(text.utf8)) }
}

/// Recursive descent over the bytes of one text, known to be UTF-8.
private struct Parser {
  /// Bounds the memory that a text of many tiny values can ask for.
  static let mostValues = 1 << 22

  let bytes: [UInt8]
  var position = 0
  var values = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The byte at the position; `nil` at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func failure(_ reason: String) -> JSON.Failure { JSON.Failure(reason: reason, offset: position) }

  func unexpected(_ expected: String) -> JSON.Failure {
    failure(next == nil ? "the text ends; expected \(expected)" : "expected \(expected)")
  }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func document() throws(JSON.Failure) -> JSON {
    let value = try value(depth: 0)
    guard next == nil else { throw failure("expected the end of the text") }
    return value
  }

  /// value = object | array | string | number | "true" | "false" | "null", with white space around it.
  mutating func value(depth: Int) throws(JSON.Failure) -> JSON {
    skipSpace()
    guard depth <= JSON.deepest else { throw failure("the value nests deeper than \(JSON.deepest)") }
    values += 1
    guard values <= Self.mostValues else { throw failure("the text holds more than \(Self.mostValues) values") }
    let value: JSON
    switch next {
    case UInt8(ascii: "{"): value = try object(depth: depth)
    case UInt8(ascii: "["): value = try array(depth: depth)
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "t"): value = try word("true", .boolean(true))
    case UInt8(ascii: "f"): value = try word("false", .boolean(false))
    case UInt8(ascii: "n"): value = try word("null", .null)
    default: value = try number()
    }
    skipSpace()
    return value
  }

  mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.Failure) -> JSON {
    let text = Array(word.description.utf8)
    guard bytes[position...].starts(with: text) else { throw unexpected("a value") }
    position += text.count
    return value
  }

  /// array = "[" [ value { "," value } ] "]"
  mutating func array(depth: Int) throws(JSON.Failure) -> JSON {
    position += 1
    skipSpace()
    if accept("]") { return .array([]) }
    var elements: [JSON] = []
    repeat { elements.append(try value(depth: depth + 1)) } while accept(",")
    guard accept("]") else { throw unexpected("',' or ']'") }
    return .array(elements)
  }

  /// object = "{" [ string ":" value { "," string ":" value } ] "}"
  mutating func object(depth: Int) throws(JSON.Failure) -> JSON {
    position += 1
    skipSpace()
    if accept("}") { return .object([]) }
    var members: [JSON.Member] = []
    var names: Set<String> = []
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotation marks") }
      let start = position
      let name = try string()
      guard names.insert(name).inserted else {
        throw JSON.Failure(reason: "the name \"\(name)\" stands twice in one object", offset: start)
      }
      skipSpace()
      guard accept(":") else { throw unexpected("':'") }
      members.append(JSON.Member(name, try value(depth: depth + 1)))
    } while accept(",")
    guard accept("}") else { throw unexpected("',' or '}'") }
    return .object(members)
  }

  mutating func string() throws(JSON.Failure) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += String(try escape()).utf8
      case ..<0x20: throw failure("a control character stands in a string; expected an escape")
      default: text.append(byte)
      }
    }
    throw unexpected("'\"'")
  }

  mutating func escape() throws(JSON.Failure) -> Unicode.Scalar {
    guard let letter = next else { throw unexpected("an escape") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try fourDigits()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard first < 0xDC00, accept("\\"), accept("u") else { throw failure("half of a surrogate pair") }
      let second = try fourDigits()
      guard 0xDC00..<0xE000 ~= second,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { throw failure("half of a surrogate pair") }
      return scalar
    default: throw failure("no such escape in a string")
    }
  }

  mutating func fourDigits() throws(JSON.Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// number = [ "-" ] ( "0" | digit1-9 { digit } ) [ "." digit { digit } ]
  ///          [ ( "e" | "E" ) [ "+" | "-" ] digit { digit } ]
  mutating func number() throws(JSON.Failure) -> JSON {
    let start = position
    _ = accept("-")
    if accept("0") {
      guard next.map(isDigit) != true else { throw failure("a number starts with 0") }
    } else {
      guard next.map(isDigit) == true else { throw unexpected("a value") }
      skipDigits()
    }
    var whole = true
    if accept(".") {
      guard next.map(isDigit) == true else { throw unexpected("a digit after the point") }
      whole = false
      skipDigits()
    }
    if accept("e") || accept("E") {
      if !accept("+") { _ = accept("-") }
      guard next.map(isDigit) == true else { throw unexpected("a digit in the exponent") }
      whole = false
      skipDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, text != "-0", let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw JSON.Failure(reason: "the number is too large", offset: start)
    }
    return .number(number)
  }

  mutating func skipDigits() {
    while let byte = next, isDigit(byte) { position += 1 }
  }

  func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
