/// Whether two SVG texts draw the same: the same elements and words in the same order, and numbers close together.
enum FigureComparison {
  /// How far a coordinate may move, in points; less than the width of a line.
  static let tolerance = 0.5

  static func matches(_ recorded: String, _ shown: String) -> Bool {
    if recorded == shown { return true }
    let (old, new) = (parts(of: recorded), parts(of: shown))
    return old.count == new.count && zip(old, new).allSatisfy(matches)
  }

  /// A tag, or the text between two.
  private struct Part {
    var text: Substring
    var isTag: Bool
  }

  private static func parts(of svg: String) -> [Part] {
    var parts: [Part] = []
    var rest = svg[...]
    while !rest.isEmpty {
      let isTag = rest.first == "<"
      let end = isTag ? rest.firstIndex(of: ">").map { rest.index(after: $0) } : rest.firstIndex(of: "<")
      let part = rest[..<(end ?? rest.endIndex)]
      if isTag || !part.allSatisfy(\.isWhitespace) { parts.append(Part(text: part, isTag: isTag)) }
      rest = rest[part.endIndex...]
    }
    return parts
  }

  private static func matches(_ recorded: Part, _ shown: Part) -> Bool {
    guard recorded.isTag == shown.isTag else { return false }
    if recorded.text == shown.text { return true }
    // What a figure says in words and numbers is output like any other.
    guard recorded.isTag else { return LineComparison().matches(String(recorded.text), String(shown.text)) }
    let old = OutputPiece.scan(String(recorded.text), readsTolerances: false)
    let new = OutputPiece.scan(String(shown.text), readsTolerances: false)
    return old.count == new.count && zip(old, new).allSatisfy(isClose)
  }

  private static func isClose(_ recorded: OutputPiece, _ shown: OutputPiece) -> Bool {
    guard case .number(let old) = recorded.kind, case .number(let new) = shown.kind else {
      return recorded.kind == shown.kind
    }
    return old.isPercent == new.isPercent && (old.value - new.value).magnitude <= tolerance
  }
}
