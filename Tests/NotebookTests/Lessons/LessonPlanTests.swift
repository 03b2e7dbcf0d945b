import Language
import Notebook
import Testing

@Suite struct LessonPlanTests {
  @Test func aLessonIsReadStepByStep() throws {
    let plan = plan(sampleLesson)
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.title == "Sums")
    #expect(plan.minutes == 20)
    let kinds = plan.steps.map { step in
      switch step {
      case .text: "text"
      case .code: "code"
      case .task: "task"
      }
    }
    #expect(kinds == ["text", "code", "task", "text", "task", "text"])
    if case .text(let text) = plan.steps[0] { #expect(text == "# Sums (20 minutes)\nAdding *numbers*.") }
    if case .code(let code) = plan.steps[1] { #expect(code.text == "x = 20\nx + 1") }
  }

  @Test func aTaskHasTextHintsSolutionAndChecker() throws {
    let task = try #require(plan(sampleLesson).tasks.first)
    #expect(task.number == 1)
    #expect(task.title == "forty-two")
    #expect(task.text == "Make `y` so that it and `x` are 42 together.\nIt is a number.")
    #expect(task.hints == ["Subtract.", "`y = 42 - ...`"])
    #expect(task.solution == "y = 42 -\n  x")
    #expect(task.checkerText == "expect y + x == 42\nexpect y > 0")
    #expect(
      task.checker.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        == "expect y + x == 42 expect y > 0")
    #expect(task.checker.text.utf8.count == sampleLesson.utf8.count)
  }

  @Test func theCommentBehindAnExpectationSaysWhatIsMissing() throws {
    let task = try #require(plan(sampleLesson).tasks.first)
    let places = sampleLesson.ranges(of: "expect y").map {
      sampleLesson.utf8.distance(from: sampleLesson.startIndex, to: $0.lowerBound)
    }
    func reason(at place: Int) -> String {
      task.reason(for: Diagnostic(.error, "expect failed: y > 0", at: Span(place + 7, place + 8)))
    }
    #expect(reason(at: places[0]) == "x and y are 42 together")
    #expect(reason(at: places[1]) == "y > 0 does not hold")
    #expect(task.reason(for: Diagnostic(.error, "'y' is unknown")) == "'y' is unknown")
  }

  @Test func solvedEveryByteKeepsItsPlace() {
    let source = Source(name: "t.pass", text: sampleLesson)
    let solved = source.solved
    #expect(solved.bytes.count == source.bytes.count)
    #expect(zip(source.bytes, solved.bytes).count { $0 != $1 } == 6)
    #expect(solved.text.contains("   y = 42 -\n     x"))
    #expect(Document(solved).diagnostics.isEmpty)
    #expect(Source(name: "t", text: "x = 1 #: 2").solved.text == "x = 1 #: 2")
  }

  @Test func marksInStringsAreNone() {
    let source = Source(name: "t", text: "x = \"\"\"\n#: no\n#? no\n\"\"\"")
    #expect(source.solved.text == source.text)
    #expect(!LessonPlan.isLesson(source))
    #expect(LessonPlan.isLesson(Source(name: "t", text: sampleLesson)))
  }

  @Test(arguments: [
    ("#%%\n#~ a hint\nx = 1", "this hint belongs to no task"),
    ("#%%\n#: x = 1", "this solution belongs to no task"),
    ("#%%\n#? do\nexpect true", "this task has no solution"),
    ("#%%\n#? do\n#: x = 1", "this task has no check"),
    ("#%%\n#? do\n#: x = 1\ny = 2", "this task has no check"),
    ("#%%\n#? do\nexpect true\n#: x = 1", "the solution stands before the check"),
    ("#%%\n#? do\n#: x = [\n1]\nexpect x == [1]", "the solution runs on into the check"),
    ("#%% [md]\n#? do", "a task stands in a cell of code, not of Markdown"),
    ("#%%\nx = 1 #? do", "a task stands on a line of its own"),
    ("#%%\n#? do\n#: x = (\nexpect x", "expected an expression, found the reserved word 'expect'"),
  ])
  func mistakesOfAnAuthorAreSaid(text: String, message: String) {
    let found = plan(text).diagnostics
    #expect(found.map(\.message).contains(message), "\(found.map(\.message))")
    #expect(found.allSatisfy { $0.source != nil && !$0.labels.isEmpty })
    #expect(plan(text).hasErrors)
  }

  @Test func carriageReturnsDoNoHarm() {
    let plan = plan(sampleLesson.replacing("\n", with: "\r\n"))
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.title == "Sums")
    #expect(plan.tasks.first?.solution == "y = 42 -\n  x")
    #expect(plan.tasks.first?.hints == ["Subtract.", "`y = 42 - ...`"])
  }
}
