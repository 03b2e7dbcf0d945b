/// Where a string starts, and how it has to end.
struct StringOpening: Equatable {
  var span: Span
  var isTriple: Bool
}

extension Lexer {
  mutating func scanStringStart() {
    let start = offset
    let isTriple = matches("\"\"\"")
    offset += isTriple ? 3 : 1
    let opening = StringOpening(span: Span(start, offset), isTriple: isTriple)
    emit(.stringStart, from: start)
    if isTriple {
      // The text of a triple-quoted string starts on the line below its quotes.
      if matches("\r\n") { offset += 2 } else if current == 0x0A, offset < limit { offset += 1 }
    }
    scanStringBody(of: opening)
  }

  /// Reads text up to the end of the string or its next interpolation.
  mutating func scanStringBody(of opening: StringOpening) {
    let start = offset
    var text: [UInt8] = []
    while offset < limit {
      switch current {
      case UInt8(ascii: "\"") where !opening.isTriple || matches("\"\"\""):
        emitText(text, from: start)
        let end = offset
        offset += opening.isTriple ? 3 : 1
        emit(.stringEnd, from: end)
        return
      case UInt8(ascii: "{"):
        emitText(text, from: start)
        openings.append(.interpolation(opening))
        if !opening.isTriple { lineInterpolations += 1 }
        offset += 1
        emit(.interpolationStart, Span(offset - 1, offset))
        return
      case UInt8(ascii: "\\"):
        text += scanEscape()
      case 0x0A where !opening.isTriple:
        emitText(text, from: start)
        reportOpenLine(opening)
        return
      case 0x0D where byte(1) == 0x0A:
        offset += 1
      default:
        text.append(current)
        offset += 1
      }
    }
    emitText(text, from: start)
    reportOpenInput(opening)
  }

  /// `:format` of an interpolation, up to its `}`.
  mutating func scanFormat(of opening: StringOpening) {
    let start = offset
    offset += 1
    while offset < limit, current != UInt8(ascii: "}"), current != UInt8(ascii: "\""), current != 0x0A { offset += 1 }
    emit(.format(source.text(in: Span(start + 1, offset))), from: start)
    if current == UInt8(ascii: "\"") {
      report("the '{' in this string is not closed", opening.span, help: "write \\{ for a brace in the text")
      closeInterpolation(of: opening)
      emit(.interpolationEnd, Span(offset, offset))
      scanStringBody(of: opening)
    }
  }

  mutating func closeInterpolation(of opening: StringOpening) {
    openings.removeLast()
    if !opening.isTriple { lineInterpolations -= 1 }
  }

  private mutating func emitText(_ text: [UInt8], from start: Int) {
    if !text.isEmpty { emit(.stringText(String(decoding: text, as: UTF8.self)), from: start) }
  }

  /// One of `StringEscape.all`, or `\u{…}`.
  private mutating func scanEscape() -> [UInt8] {
    let start = offset
    let escaped = byte(1)
    guard offset + 1 < limit, escaped != 0x0A, escaped != 0x0D else {
      offset += 1
      return []
    }
    offset += 2
    if let escape = StringEscape.all.first(where: { $0.letter == escaped }) { return [escape.value] }
    switch escaped {
    case UInt8(ascii: "u") where current == UInt8(ascii: "{"):
      let digits = offset + 1
      while offset < limit, current != UInt8(ascii: "}"), current != UInt8(ascii: "\""), current != 0x0A { offset += 1 }
      let hexadecimal = source.text(in: Span(digits, offset))
      if current == UInt8(ascii: "}") {
        offset += 1
        if let scalar = UInt32(hexadecimal, radix: 16).flatMap(Unicode.Scalar.init) {
          return Array(String(Character(scalar)).utf8)
        }
      }
      report("'\\u{\(hexadecimal)}' names no character", Span(start, offset), help: "write hexadecimal, as in \\u{e9}")
      return []
    default:
      while current & 0xC0 == 0x80 { offset += 1 }
      report(
        "'\(source.text(in: Span(start, offset)))' is no escape", Span(start, offset),
        help: "the escapes are \(StringEscape.allSpellings.joined(separator: " "))")
      return []
    }
  }

  // MARK: - Strings that do not end

  private mutating func reportOpenLine(_ opening: StringOpening) {
    report(
      "the string does not end on its line", opening.span, label: "starts here",
      help: "close it with \", or use \"\"\" for a text of several lines")
    emit(.stringEnd, Span(offset, offset))
  }

  private mutating func reportOpenInput(_ opening: StringOpening) {
    var diagnostic = Diagnostic(
      .error, "the string does not end", at: opening.span, label: "starts here",
      help: ["close it with \(opening.isTriple ? "\"\"\"" : "\"")"], source: source)
    diagnostic.isIncompleteInput = true
    result.diagnostics.append(diagnostic)
    emit(.stringEnd, Span(offset, offset))
  }

  /// A line end inside `{…}` ends the strings around it that may not span lines.
  mutating func closeStringsAtNewline() {
    guard lineInterpolations > 0,
      let index = openings.firstIndex(where: {
        if case .interpolation(let opening) = $0 { !opening.isTriple } else { false }
      }), case .interpolation(let opening) = openings[index]
    else { return }
    openings.removeSubrange(index...)
    lineInterpolations = 0
    emit(.interpolationEnd, Span(offset, offset))
    reportOpenLine(opening)
  }

  mutating func closeStringsAtEnd() {
    let first = openings.lazy.compactMap { if case .interpolation(let opening) = $0 { opening } else { nil } }.first
    if let opening = first, !result.diagnostics.contains(where: \.isIncompleteInput) {
      emit(.interpolationEnd, Span(offset, offset))
      reportOpenInput(opening)
    }
  }
}
