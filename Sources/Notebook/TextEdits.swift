import Language

/// Changes to the bytes of a source, gathered in any order; what they do not touch stays as it is.
struct TextEdits {
  private var edits: [(range: Range<Int>, bytes: [UInt8])] = []

  /// Puts text in place of bytes. Changes must not overlap; those at one place are kept in the order of the calls.
  mutating func replace(_ range: Range<Int>, with text: String) { edits.append((range, Array(text.utf8))) }

  mutating func insert(_ text: String, at offset: Int) { replace(offset..<offset, with: text) }

  func applied(to source: Source) -> String {
    if edits.isEmpty { return source.text }
    let ordered = edits.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    var bytes: [UInt8] = []
    var copied = 0
    for (_, edit) in ordered {
      bytes += source.bytes[copied..<max(copied, edit.range.lowerBound)]
      bytes += edit.bytes
      copied = max(copied, edit.range.upperBound)
    }
    return String(decoding: bytes + source.bytes[copied...], as: UTF8.self)
  }
}

/// A line of a source in bytes.
struct LineRange {
  /// Of the whole line, with its end.
  let start: Int
  let next: Int
  /// Where its text ends, before `\n` or `\r\n`.
  let contentEnd: Int
  /// How the line ends; empty for the last one of a file that does not end with a line end.
  let lineEnd: String

  init(_ line: Int, of source: Source) {
    start = source.lineStarts[line]
    let isLast = line + 1 >= source.lineStarts.count
    next = isLast ? source.bytes.count : source.lineStarts[line + 1]
    var end = isLast ? next : next - 1
    let hasReturn = end > start && source.bytes[end - 1] == 0x0D && !isLast
    if hasReturn { end -= 1 }
    contentEnd = end
    lineEnd = isLast ? "" : hasReturn ? "\r\n" : "\n"
  }
}
