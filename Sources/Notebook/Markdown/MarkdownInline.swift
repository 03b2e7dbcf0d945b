/// Renders the inline marks of a Markdown text: code, emphasis, links, images and line breaks.
///
/// It is the algorithm of the appendix to CommonMark: one pass that leaves delimiters on a stack, so that the time
/// grows with the length of the text and not with its square. Marks are ASCII, so it reads bytes.
struct MarkdownInline {
  /// How links and images are written.
  struct Links {
    /// False inside a link and in a table of contents, where links must not nest.
    var areAllowed = true
    /// The `src` of an image; nil makes a link of it.
    var imageSource: (String) throws -> String? = { _ in nil }
  }

  private struct Delimiter {
    /// The piece that holds its marks.
    var piece: Int
    var mark: UInt8
    var count: Int
    var canOpen: Bool
    var canClose: Bool
    /// Tags before and behind what is left of the marks.
    var before = ""
    var after = ""
  }

  private struct Bracket {
    var piece: Int
    var delimiters: Int
    /// Of the text inside.
    var start: Int
    var isImage: Bool
    var isActive = true
  }

  private let bytes: [UInt8]
  private let links: Links
  private var position = 0
  private var textStart = 0
  private var pieces: [String] = []
  private var delimiters: [Delimiter] = []
  private var brackets: [Bracket] = []
  /// Where the last run of so many backticks begins: no search goes beyond.
  private var lastRuns: [Int: Int] = [:]

  /// HTML for a text; throws what `imageSource` throws.
  static func html(_ text: String, links: Links = Links()) throws -> String {
    var inline = MarkdownInline(Array(text.utf8), links: links)
    return try inline.render()
  }

  private init(_ bytes: [UInt8], links: Links) {
    self.bytes = bytes
    self.links = links
    var index = 0
    while index < bytes.count {
      let length = Self.run(of: UInt8(ascii: "`"), at: index, in: bytes)
      if length > 0 { lastRuns[length] = index }
      index += max(length, 1)
    }
  }

  private static func run(of mark: UInt8, at start: Int, in bytes: [UInt8]) -> Int {
    var end = start
    while end < bytes.count, bytes[end] == mark { end += 1 }
    return end - start
  }

  private func byte(at index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0x20 }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  private mutating func render() throws -> String {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"): scanEscape()
      case UInt8(ascii: "`"): scanCode()
      case UInt8(ascii: "*"), UInt8(ascii: "_"): scanDelimiter()
      case UInt8(ascii: "!") where byte(at: position + 1) == UInt8(ascii: "["): openBracket(isImage: true)
      case UInt8(ascii: "["): openBracket(isImage: false)
      case UInt8(ascii: "]"): try closeBracket()
      case UInt8(ascii: "<"): scanAutolink()
      case 0x0A: scanLineEnd()
      default: position += 1
      }
    }
    flushText()
    resolveEmphasis(from: 0)
    return pieces.joined()
  }

  /// Ends the plain text before the current position.
  private mutating func flushText() {
    if textStart < position { pieces.append(HTMLText.escape(text(textStart, position))) }
    textStart = position
  }

  private mutating func append(_ html: String, skipping count: Int) {
    flushText()
    pieces.append(html)
    position += count
    textStart = position
  }

  // MARK: - Leaves

  private mutating func scanEscape() {
    let next = byte(at: position + 1)
    if next == 0x0A, position + 1 < bytes.count {
      append("<br>\n", skipping: 2)
    } else if Self.isPunctuation(next) {
      append(HTMLText.escape(text(position + 1, position + 2)), skipping: 2)
    } else {
      position += 1
    }
  }

  private mutating func scanCode() {
    let length = Self.run(of: UInt8(ascii: "`"), at: position, in: bytes)
    var end = position + length
    guard let last = lastRuns[length], last >= end else {
      position = end
      return
    }
    while true {
      let run = Self.run(of: UInt8(ascii: "`"), at: end, in: bytes)
      if run == length { break }
      end += max(run, 1)
    }
    var code = text(position + length, end).replacing("\n", with: " ")
    if code.utf8.count > 2, code.hasPrefix(" "), code.hasSuffix(" "), code.contains(where: { $0 != " " }) {
      code = String(code.dropFirst().dropLast())
    }
    append("<code>\(HTMLText.escape(code))</code>", skipping: end + length - position)
  }

  private mutating func scanLineEnd() {
    var start = position
    while start > textStart, bytes[start - 1] == 0x20 { start -= 1 }
    let isBreak = position - start >= 2
    let count = position - start + 1
    position = start
    append(isBreak ? "<br>\n" : "\n", skipping: count)
  }

  /// `<https://example.org>`; any other `<` is a character.
  private mutating func scanAutolink() {
    let limit = min(bytes.count, position + 1 + LinkTarget.longest)
    var end = position + 1
    while end < limit, bytes[end] > 0x20, bytes[end] != UInt8(ascii: "<"), bytes[end] != UInt8(ascii: ">") { end += 1 }
    let target = text(position + 1, end)
    guard end < limit, bytes[end] == UInt8(ascii: ">"), links.areAllowed, LinkTarget.isAbsolute(target) else {
      position += 1
      return
    }
    let escaped = HTMLText.escape(target)
    append("<a href=\"\(escaped)\">\(escaped)</a>", skipping: end + 1 - position)
  }

  // MARK: - Emphasis

  private mutating func scanDelimiter() {
    let mark = bytes[position]
    let count = Self.run(of: mark, at: position, in: bytes)
    let (before, after) = (byte(at: position - 1), byte(at: position + count))
    let (spaceBefore, spaceAfter) = (Self.isSpace(before), Self.isSpace(after))
    let (punctuationBefore, punctuationAfter) = (Self.isPunctuation(before), Self.isPunctuation(after))
    let isLeft = !spaceAfter && (!punctuationAfter || spaceBefore || punctuationBefore)
    let isRight = !spaceBefore && (!punctuationBefore || spaceAfter || punctuationAfter)
    let isStar = mark == UInt8(ascii: "*")
    append("", skipping: count)
    delimiters.append(
      Delimiter(
        piece: pieces.count - 1, mark: mark, count: count,
        canOpen: isLeft && (isStar || !isRight || punctuationBefore),
        canClose: isRight && (isStar || !isLeft || punctuationAfter)))
  }

  /// Pairs the delimiters from an index on, and writes what is left of them as text.
  private mutating func resolveEmphasis(from bottom: Int) {
    var open: [Int] = []
    // Below these heights of the stack there is no opener of the mark.
    var floors: [UInt8: Int] = [:]
    for index in delimiters.indices.dropFirst(bottom) {
      let mark = delimiters[index].mark
      while delimiters[index].canClose, delimiters[index].count > 0 {
        let floor = min(floors[mark, default: 0], open.count)
        guard let found = open[floor...].lastIndex(where: { delimiters[$0].mark == mark }) else {
          floors[mark] = open.count
          break
        }
        open.removeSubrange((found + 1)...)
        pair(open[found], index)
        if delimiters[open[found]].count == 0 { open.removeLast() }
      }
      if delimiters[index].canOpen, delimiters[index].count > 0 { open.append(index) }
    }
    for delimiter in delimiters[min(bottom, delimiters.count)...] {
      let rest = String(repeating: Character(UnicodeScalar(delimiter.mark)), count: delimiter.count)
      pieces[delimiter.piece] = delimiter.before + rest + delimiter.after
    }
    delimiters.removeSubrange(min(bottom, delimiters.count)...)
  }

  private mutating func pair(_ opener: Int, _ closer: Int) {
    let strength = min(2, delimiters[opener].count, delimiters[closer].count)
    let tag = strength == 2 ? "strong" : "em"
    delimiters[opener].count -= strength
    delimiters[closer].count -= strength
    // The marks nearest to the text pair first.
    delimiters[opener].after = "<\(tag)>" + delimiters[opener].after
    delimiters[closer].before += "</\(tag)>"
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  // MARK: - Links and images

  private mutating func openBracket(isImage: Bool) {
    append(isImage ? "![" : "[", skipping: isImage ? 2 : 1)
    brackets.append(
      Bracket(piece: pieces.count - 1, delimiters: delimiters.count, start: position, isImage: isImage))
  }

  private mutating func closeBracket() throws {
    guard let bracket = brackets.popLast(), bracket.isActive,
      let (target, end) = LinkTarget.parse(bytes, at: position + 1)
    else {
      position += 1
      return
    }
    let inner = text(bracket.start, position)
    flushText()
    if bracket.isImage, let source = try links.imageSource(target) {
      pieces.removeSubrange(bracket.piece...)
      delimiters.removeSubrange(bracket.delimiters...)
      append("<img src=\"\(HTMLText.escape(source))\" alt=\"\(HTMLText.escape(inner))\">", skipping: end - position)
      return
    }
    resolveEmphasis(from: bracket.delimiters)
    guard links.areAllowed, LinkTarget.isSafe(target) else {
      // The text stays; where it would lead is not a place to go to.
      pieces[bracket.piece] = ""
      return append("", skipping: end - position)
    }
    pieces[bracket.piece] = "<a href=\"\(HTMLText.escape(target))\">"
    append("</a>", skipping: end - position)
    for index in brackets.indices where !brackets[index].isImage { brackets[index].isActive = false }
  }
}
