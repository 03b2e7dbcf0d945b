import Language

/// The script of what a learner did. It runs with `passbook run`, and a lesson can be resumed from it.
///
/// Each cell says in its title which step it belongs to and what became of it. What failed is kept in comments, so that
/// the script runs; what ran through before the failure stays code.
public enum LessonTranscript {
  /// What stands at the head of the file.
  public static func head(of plan: LessonPlan, resumeWith command: String, path: String) -> String {
    """
    # What was done in the lesson: \(plan.title)
    # Run it: passbook run \(path)
    # Go on where it ends: \(command) --resume \(path)

    """
  }

  /// A cell of the script; nil for one that only looked.
  public static func cell(_ record: LessonRecord) -> String? {
    let source = Source(name: "", text: record.text)
    var code = record.text
    var comment: [String] = []
    let statements = Parser.parseCell(source, number: 1).cell.statements
    if case .stopped(let message, let offset) = record.outcome {
      let end = min(max(offset, 0), source.bytes.count)
      code = source.text(in: Span(0, end))
      comment = source.text(in: Span(end, source.bytes.count)).split(separator: "\n").map(String.init)
      comment += message.split(separator: "\n").prefix(1).map(String.init)
      if statements.contains(where: { $0.span.start < end && $0.onlyLooks }) {
        code = joined(statements.filter { $0.span.end <= end }, of: source)
      }
    } else if statements.contains(where: \.onlyLooks) {
      code = joined(statements, of: source)
    }
    if record.outcome == .cutShort { comment = ["Ctrl-C cut this short; run again, it goes on to its end"] }
    guard !(code + comment.joined()).allSatisfy(\.isWhitespace) else { return nil }
    var lines = ["", "#%% step \(record.step + 1): \(title(of: record.mark))"]
    if !code.allSatisfy(\.isWhitespace) { lines.append(code) }
    // Two spaces, or a line of '%%' would begin a cell.
    lines += comment.map { "#  \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func joined(_ statements: [Statement], of source: Source) -> String {
    statements.filter { !$0.onlyLooks }.map { source.text(in: $0.span) }.joined(separator: "\n")
  }

  private static func title(of mark: LessonRecord.Mark) -> String {
    switch mark {
    case .done(let hints): hints == 0 ? "done" : "done, hints \(hints)"
    case .shown: "done, shown"
    case .skipped: "skipped"
    case .tried: "tried"
    case .check: "check"
    }
  }

  /// The title of the lesson that a transcript is of; nil for another script.
  public static func lessonTitle(of source: Source) -> String? {
    let mark = "# What was done in the lesson: "
    return source.text.split(separator: "\n").first.flatMap {
      $0.hasPrefix(mark) ? String($0.dropFirst(mark.count)).withoutReturn : nil
    }
  }

  /// The cells of a transcript; those that the learner added without a title are tries.
  public static func records(of source: Source) -> (records: [LessonRecord], diagnostics: [Diagnostic]) {
    let (cells, diagnostics) = Parser.parseFile(source)
    var step = 0
    let records = cells.filter { !$0.isMarkdown }.map { cell -> LessonRecord in
      let text = source.text(in: cell.span)
      guard let match = cell.title?.wholeMatch(of: /step (\d{1,6}): (.*)/), let number = Int(match.1), number > 0 else {
        return LessonRecord(step: step, mark: .tried, text: text)
      }
      step = number - 1
      return LessonRecord(step: step, mark: mark(of: String(match.2)), text: text)
    }
    return (records, diagnostics)
  }

  private static func mark(of title: String) -> LessonRecord.Mark {
    if let match = title.wholeMatch(of: /done, hints (\d{1,6})/) { return .done(hints: Int(match.1) ?? 0) }
    return switch title {
    case "done": .done(hints: 0)
    case "done, shown": .shown
    case "skipped": .skipped
    case "check": .check
    default: .tried
    }
  }
}
