import Language

/// Takes a percent script apart into the steps of a lesson.
struct LessonReader {
  private let source: Source
  private let solved: Source
  private let comments: LessonComments
  private let outputs: [Span]
  private(set) var heading: String?
  private(set) var steps: [LessonStep] = []
  private(set) var diagnostics: [Diagnostic]
  private var taskCount = 0

  init(_ source: Source) {
    self.source = source
    solved = source.solved
    comments = LessonComments(in: source)
    outputs = Lexer.tokenize(solved).comments.filter { $0.kind == .output }.map(\.span)
    let document = Document(solved)
    diagnostics = document.diagnostics
    for comment in comments.comments where comment.followsCode {
      report("a \(comment.kind.name) stands on a line of its own", at: comment.span)
    }
    for cell in document.cells { read(cell) }
  }

  private mutating func report(_ message: String, at span: Span, help: String...) {
    diagnostics.append(Diagnostic(.error, message, at: span, help: help, source: source))
  }

  private mutating func read(_ documentCell: DocumentCell) {
    let cell = documentCell.cell
    let marks = comments.comments.filter { cell.span.start <= $0.span.start && $0.span.start < cell.span.end }
    if cell.isMarkdown {
      if let mark = marks.first {
        report(
          "a \(mark.kind.name) stands in a cell of code, not of Markdown", at: mark.span,
          help: "begin a cell before it with #%%")
      }
      let text = documentCell.markdown(in: solved)
      heading = heading ?? text.split(separator: "\n").first { $0.hasPrefix("# ") }.map { String($0.dropFirst(2)) }
      if !text.allSatisfy(\.isWhitespace) { steps.append(.text(text)) }
    } else if comments.of(.task, in: cell.span).isEmpty {
      for mark in marks {
        report(
          "this \(mark.kind.name) belongs to no task", at: mark.span,
          help: "a task is a line '#? …' in the same cell")
      }
      if !cell.statements.isEmpty {
        steps.append(.code(LessonCode(title: cell.title, text: code(in: cell.span), span: cell.span)))
      }
    } else {
      readTask(cell)
    }
  }

  private mutating func readTask(_ cell: Cell) {
    let asked = comments.of(.task, in: cell.span)
    let solutions = comments.of(.solution, in: cell.span)
    let solutionLines = Set(solutions.map { source.line(of: $0.span.start) })
    let checks = cell.statements.filter { !solutionLines.contains(source.line(of: $0.span.start)) }
    if solutions.isEmpty {
      report("this task has no solution", at: asked[0].span, help: "write its lines behind '#: '")
    }
    if !checks.contains(where: { if case .expect = $0.kind { true } else { false } }) {
      report("this task has no check", at: asked[0].span, help: "an expect says what must hold once it is solved")
    }
    for statement in cell.statements {
      let lines =
        source.line(of: statement.span.start)...source.line(of: max(statement.span.start, statement.span.end - 1))
      if solutionLines.contains(lines.lowerBound), !lines.allSatisfy(solutionLines.contains) {
        report("the solution runs on into the check", at: statement.span, help: "begin each of its lines with '#: '")
      }
    }
    if let check = checks.first, let last = solutions.last, check.span.start < last.span.start {
      report("the solution stands before the check", at: last.span, help: "run as a script, a lesson solves first")
    }
    taskCount += 1
    let spans = checks.map { Span($0.span.start, $0.span.end) }
    steps.append(
      .task(
        LessonTask(
          number: taskCount, title: cell.title, text: asked.map(\.text).joined(separator: "\n"),
          hints: comments.of(.hint, in: cell.span).map(\.text), solution: code(in: solutions.map(\.span)),
          checker: source.keeping(spans), checkerText: spans.map(source.text(in:)).joined(separator: "\n"),
          span: cell.span, reasons: checks.compactMap(reason))))
  }

  /// The comment behind an `expect`.
  private func reason(for statement: Statement) -> (span: Span, text: String)? {
    guard case .expect = statement.kind else { return nil }
    let lineStart = source.line(of: max(statement.span.start, statement.span.end - 1)) + 1
    let lineEnd = lineStart < source.lineStarts.count ? source.lineStarts[lineStart] : source.bytes.count
    let rest = source.text(in: Span(statement.span.end, lineEnd)).drop { $0 == " " }
    guard rest.hasPrefix("#"), !rest.hasPrefix("#=>") else { return nil }
    let text = rest.dropFirst().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.isEmpty ? nil : (statement.span, text)
  }

  /// The code of a cell: without its marker and without outputs on record.
  private func code(in span: Span) -> String {
    let lines = source.lineStarts.indices.filter {
      span.start <= source.lineStarts[$0] && source.lineStarts[$0] < span.end
    }
    let head = source.text(in: span).prefix(4)
    let isMarked = head.hasPrefix("#%%") || head == "# %%"
    return code(
      in: lines.dropFirst(isMarked ? 1 : 0).map { line in
        Span(
          source.lineStarts[line], line + 1 < source.lineStarts.count ? source.lineStarts[line + 1] : source.bytes.count
        )
      })
  }

  /// Lines of the solved script, without outputs on record, trailing space, and blank lines around them.
  private func code(in spans: [Span]) -> String {
    let isSolution = spans.contains { source.bytes[$0.start] != solved.bytes[$0.start] }
    var lines: [Substring] = []
    for span in spans {
      let output = outputs.first { span.start <= $0.start && $0.start < span.end }
      var text = Substring(solved.text(in: Span(span.start, output?.start ?? span.end)))
      while text.last?.isWhitespace == true { text.removeLast() }
      if isSolution { text = text.dropFirst(text.hasPrefix("   ") ? 3 : 2) }
      if output == nil || !text.isEmpty { lines.append(text) }
    }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}
