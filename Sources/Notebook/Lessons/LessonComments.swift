import Language

/// The comments that make a percent script a lesson: `#? task`, `#~ hint` and `#: solution`, each alone on its line.
struct LessonComments {
  enum Kind: String, CaseIterable {
    case task = "#?"
    case hint = "#~"
    case solution = "#:"

    var name: String {
      switch self {
      case .task: "task"
      case .hint: "hint"
      case .solution: "solution"
      }
    }
  }

  struct Comment {
    var kind: Kind
    /// From its `#` to the end of its line.
    var span: Span
    /// Without the mark and one space behind it.
    var text: String
    /// Code stands before it on its line.
    var followsCode: Bool
  }

  let comments: [Comment]

  init(in source: Source) {
    comments = Lexer.tokenize(source).comments.filter { $0.kind == .plain }.compactMap { comment in
      let whole = source.text(in: comment.span)
      guard let kind = Kind.allCases.first(where: { whole.hasPrefix($0.rawValue) }) else { return nil }
      let text = whole.dropFirst(kind.rawValue.count)
      let before = source.bytes[source.lineStarts[source.line(of: comment.span.start)]..<comment.span.start]
      return Comment(
        kind: kind, span: comment.span, text: String(text.hasPrefix(" ") ? text.dropFirst() : text).withoutReturn,
        followsCode: !before.allSatisfy { $0 == 0x20 || $0 == 0x09 })
    }
  }

  func of(_ kind: Kind, in span: Span) -> [Comment] {
    comments.filter { $0.kind == kind && span.start <= $0.span.start && $0.span.start < span.end }
  }
}

extension Source {
  /// A lesson as an ordinary script: its solutions are code. A script without tasks stays as it is.
  ///
  /// Every byte keeps its place (`#:` becomes two spaces), so that spans of one are spans of the other.
  public var solved: Source {
    let solutions = LessonComments(in: self).comments.filter { $0.kind == .solution && !$0.followsCode }
    guard !solutions.isEmpty else { return self }
    var bytes = bytes
    for solution in solutions {
      bytes[solution.span.start] = 0x20
      bytes[solution.span.start + 1] = 0x20
    }
    return Source(name: name, text: String(decoding: bytes, as: UTF8.self))
  }

  /// The same lines with nothing in them but what the spans cover.
  func keeping(_ spans: [Span]) -> Source {
    let bytes = bytes.enumerated().map { offset, byte in
      byte == 0x0A || spans.contains { $0.start <= offset && offset < $0.end } ? byte : 0x20
    }
    return Source(name: name, text: String(decoding: bytes, as: UTF8.self))
  }
}

extension String {
  /// Without the carriage return of a line that ended in CR LF.
  var withoutReturn: String { last == "\r" ? String(dropLast()) : self }
}
