// What a single line of Markdown can be.

/// The line that opens a block of code: three or more backticks or tildes, and an info string.
struct Fence {
  let mark: Character
  let length: Int
  let indent: Int
  let info: String

  init?(_ line: Substring) {
    let text = line.withoutIndent
    guard let first = text.first, first == "`" || first == "~" else { return nil }
    let marks = text.prefix { $0 == first }.count
    let rest = text.dropFirst(marks)
    guard marks >= 3, first == "~" || !rest.contains("`") else { return nil }
    mark = first
    length = marks
    indent = line.count - text.count
    info = rest.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
  }

  func isClosed(by line: Substring) -> Bool {
    let text = line.withoutIndent
    let marks = text.prefix { $0 == mark }.count
    return marks >= length && text.dropFirst(marks).isBlank
  }
}

/// The start of an item of a list: `- `, `* `, `+ `, `1. ` or `1) `.
struct ListMarker {
  /// The bullet, or the mark behind the number: another one begins another list.
  let kind: Character
  let number: Int?
  /// Characters before the text of the item.
  let width: Int
  let isEmpty: Bool

  init?(_ line: Substring) {
    let text = line.withoutIndent
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let mark = text.dropFirst(digits.count).first
    guard let mark, digits.isEmpty ? "-*+".contains(mark) : digits.count <= 9 && ".)".contains(mark) else { return nil }
    let rest = text.dropFirst(digits.count + 1)
    guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
    kind = mark
    number = Int(digits)
    isEmpty = rest.isBlank
    let spaces = rest.prefix { $0 == " " || $0 == "\t" }.count
    width = min(line.count, line.count - rest.count + (isEmpty || spaces > 4 ? 1 : spaces))
  }
}

/// A row of a table: cells between `|`, which `\|` does not part.
enum TableRow {
  static func cells(_ line: Substring) -> [String] {
    var text = line.trimmed
    if text.hasPrefix("|") { text = text.dropFirst() }
    if text.hasSuffix("|"), !text.hasSuffix("\\|") { text = text.dropLast() }
    var cells: [String] = [""]
    var isEscaped = false
    for character in text {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        if character == "|" { cells[cells.count - 1].removeLast() }
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells.map { String($0[...].trimmed) }
  }

  /// The alignments that the line below a header gives; nil for any other line.
  static func alignments(_ line: Substring) -> [MarkdownBlock.Alignment]? {
    guard line.contains("-") else { return nil }
    var alignments: [MarkdownBlock.Alignment] = []
    for cell in cells(line) {
      let (isLeft, isRight) = (cell.hasPrefix(":"), cell.hasSuffix(":"))
      let dashes = cell.dropFirst(isLeft ? 1 : 0).dropLast(isRight ? 1 : 0)
      guard !dashes.isEmpty, dashes.allSatisfy({ $0 == "-" }) else { return nil }
      alignments.append(isLeft ? (isRight ? .center : .left) : isRight ? .right : .none)
    }
    return alignments
  }
}

extension Substring {
  var isBlank: Bool { allSatisfy(\.isWhitespace) }

  /// Without the up to three spaces that a block may stand behind.
  var withoutIndent: Substring { dropSpaces(upTo: 3) }

  func dropSpaces(upTo limit: Int) -> Substring { dropFirst(prefix(limit).prefix { $0 == " " }.count) }

  var trimmed: Substring { drop(while: \.isWhitespace).trimmingSuffix(while: \.isWhitespace) }
}

extension StringProtocol where SubSequence == Substring {
  func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var end = endIndex
    while end > startIndex, predicate(self[index(before: end)]) { end = index(before: end) }
    return self[startIndex..<end]
  }
}
