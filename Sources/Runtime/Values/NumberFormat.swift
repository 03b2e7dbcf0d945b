import Glibc

/// A format as it stands in a string: `{x:.3}`, `{x:>8}`, `{x:%}`, `{x:<12}`, `{x:+.2e}`.
///
///     format = [ "<" | ">" | "^" ] , [ "+" ] , [ width ] , [ "." , digits ] , [ "%" | "e" ]
struct NumberFormat: Sendable {
  enum Alignment: Sendable { case left, right, center }
  enum Notation: Sendable { case own, percent, scientific }

  var alignment: Alignment?
  var showsSign = false
  var width = 0
  var decimals: Int?
  var notation = Notation.own

  /// Reads a format; fails with the grammar in its help.
  init(_ text: String) throws {
    var rest = Substring(text)
    let marks: [Character: Alignment] = ["<": .left, ">": .right, "^": .center]
    if let mark = rest.first, let found = marks[mark] {
      alignment = found
      rest.removeFirst()
    }
    if rest.first == "+" {
      showsSign = true
      rest.removeFirst()
    }
    func number(upTo limit: Int) throws -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty else { return nil }
      rest.removeFirst(digits.count)
      guard let value = Int(digits), value <= limit else {
        throw Failure("'\(digits)' in the format '\(text)' is more than \(limit)")
      }
      return value
    }
    width = try number(upTo: 1_000) ?? 0
    if rest.first == "." {
      rest.removeFirst()
      decimals = try number(upTo: 100)
    }
    switch rest {
    case "": break
    case "%": notation = .percent
    case "e": notation = .scientific
    default:
      throw Failure(
        "'\(text)' is no format",
        help: "write decimals as {x:.3}, a width as {x:>8}, percent as {x:.1%}, powers of ten as {x:.2e}")
    }
  }

  /// The value in this format; a format with decimals or notation needs a number.
  func apply(to value: Value) throws -> String {
    var text: String
    if case .number(let number, let style) = value {
      text = format(number, style)
      if showsSign && !(number < 0) { text = "+" + text }
    } else if decimals != nil || notation != .own || showsSign {
      guard !value.isNone else { return pad("none") }
      throw Failure("a format of digits needs a number, and this is \(value.kindName)")
    } else {
      text = value.display
    }
    return pad(text)
  }

  private func format(_ number: Double, _ style: NumberStyle) -> String {
    guard number.isFinite else { return number.shown(as: .plain) }
    switch notation {
    case .scientific: return number.scientific(decimals: decimals ?? 6)
    case .percent: return (number * 100).percentText(decimals)
    case .own:
      guard let decimals else { return number.shown(as: style) }
      switch style {
      case .plain: return number.fixed(decimals: decimals)
      case .percent: return (number * 100).percentText(decimals)
      case .duration: return number.fixed(decimals: decimals) + "s"
      }
    }
  }

  private func pad(_ text: String) -> String {
    let missing = width - text.count
    guard missing > 0 else { return text }
    let spaces = String(repeating: " ", count: missing)
    switch alignment ?? .right {
    case .left: return text + spaces
    case .right: return spaces + text
    case .center: return spaces.prefix(missing / 2) + text + spaces.dropFirst(missing / 2)
    }
  }
}

extension Double {
  fileprivate func percentText(_ decimals: Int?) -> String {
    (decimals.map { fixed(decimals: $0) } ?? trimmed(decimals: 2)) + "%"
  }

  /// As many decimals as asked for, rounded correctly.
  func fixed(decimals: Int) -> String { printed("%.*f", decimals) }

  func scientific(decimals: Int) -> String { printed("%.*e", decimals) }

  private func printed(_ format: String, _ decimals: Int) -> String {
    var bytes = [CChar](repeating: 0, count: 512)
    let length = withVaList([Int32(decimals), self]) { vsnprintf(&bytes, bytes.count, format, $0) }
    return String(
      decoding: bytes.prefix(max(0, min(Int(length), bytes.count - 1))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
