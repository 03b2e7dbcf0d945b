extension Lexer {
  /// The Unicode scalar at the current offset and its length in bytes.
  func scalar() -> (value: Unicode.Scalar, length: Int)? {
    guard offset < limit else { return nil }
    var decoder = UTF8()
    var bytes = source.bytes[offset..<min(offset + 4, limit)].makeIterator()
    guard case .scalarValue(let value) = decoder.decode(&bytes) else { return nil }
    return (value, UTF8.width(value))
  }

  /// How many bytes the current character has if it may stand in a name, else none.
  func nameLength(isStart: Bool) -> Int? {
    switch current {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): return 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return isStart ? nil : 1
    case 0..<0x80: return nil
    default:
      guard let (value, length) = scalar() else { return nil }
      let properties = value.properties
      if isStart { return properties.isXIDStart ? length : nil }
      return properties.isXIDContinue ? length : nil
    }
  }

  /// Reports a character that begins no token, with what the user of another language may have meant.
  mutating func scanInvalid() {
    let start = offset
    let value = scalar()?.value ?? "\u{FFFD}"
    offset = min(limit, start + (scalar()?.length ?? 1))
    let help: String? =
      switch value {
      case "%": "modulo is the word 'mod'; a percent sign stands right behind its number, as in 50%"
      case "!": "negation is the word 'not'; unequal is '!='"
      case "&": "the logical operator is the word 'and'"
      case "|": "a pipe is '|>'; the logical operator is the word 'or'"
      case "^": "a power is written '**'"
      case "'", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}": "strings stand in straight double quotes"
      case "?": "help stands in column 1, as in ?train"
      default: nil
      }
    while offset < limit, let next = scalar(), next.value == value { offset += next.length }
    let isPrintable = value.value > 0x20 && value.properties.generalCategory != .control && value != "\u{FFFD}"
    let name = isPrintable ? "'\(value)'" : "character U+" + hexadecimal(value.value)
    let span = Span(start, offset)
    result.diagnostics.append(
      Diagnostic(.error, "\(name) means nothing here", at: span, help: help.map { [$0] } ?? [], source: source))
    emit(.invalid, span)
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// NUMBER = DIGITS , [ "." , DIGITS ] , [ "e" , [ "+" | "-" ] , DIGITS ] , [ UNIT ]
  mutating func scanNumber() {
    let start = offset
    skipDigits()
    if current == UInt8(ascii: "."), isDigit(byte(1)) {
      offset += 1
      skipDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      let signLength = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if isDigit(byte(1 + signLength)) {
        offset += 1 + signLength
        skipDigits()
      }
    }
    let digits = Span(start, offset)
    if current == UInt8(ascii: "%") {
      offset += 1
    } else {
      while let length = nameLength(isStart: false) { offset += length }
    }
    let unit = source.text(in: Span(digits.end, offset))
    if NumberUnit(rawValue: unit) == nil {
      report(
        "'\(unit)' is no unit", Span(digits.end, offset), label: "directly behind a number",
        help: "the units are \(NumberUnit.spellings.joined(separator: " ")); a product is written with '*'")
      emit(.invalid, from: start)
    } else if Double(source.text(in: digits))?.isFinite != true {
      report("the number is too large", digits, help: "the largest number is about 1.8e308")
      emit(.invalid, from: start)
    } else {
      emit(.number, from: start)
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func skipDigits() {
    while isDigit(current) { offset += 1 }
  }
}
