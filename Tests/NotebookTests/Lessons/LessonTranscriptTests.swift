import Language
import Notebook
import Testing

@Suite struct LessonTranscriptTests {
  private func cell(_ mark: LessonRecord.Mark, _ text: String, _ outcome: RunOutcome = .succeeded) -> String? {
    LessonTranscript.cell(LessonRecord(step: 2, mark: mark, text: text, outcome: outcome))
  }

  @Test func aCellSaysItsStepAndHowItWent() {
    #expect(cell(.done(hints: 0), "x = 1") == "\n#%% step 3: done\nx = 1\n")
    #expect(cell(.done(hints: 2), "x = 1") == "\n#%% step 3: done, hints 2\nx = 1\n")
  }

  @Test func aFailureStaysAComment() {
    #expect(
      cell(.tried, "x = 1\ny = tensr(x)", .stopped("error: nothing is named 'tensr'\nmore", at: 6))
        == "\n#%% step 3: tried\nx = 1\n\n#  y = tensr(x)\n#  error: nothing is named 'tensr'\n")
    #expect(cell(.tried, "#%% a\nno", .stopped("e", at: 0)) == "\n#%% step 3: tried\n#  #%% a\n#  no\n#  e\n")
  }

  @Test func whatWasCutShortSaysSo() {
    #expect(
      cell(.done(hints: 0), "train(net)", .cutShort)
        == "\n#%% step 3: done\ntrain(net)\n#  Ctrl-C cut this short; run again, it goes on to its end\n")
  }

  @Test func looksAreLeftOut() {
    #expect(cell(.tried, "?sum\n:hint") == nil)
    #expect(cell(.tried, "x = 1\n:hint\nx + 1") == "\n#%% step 3: tried\nx = 1\nx + 1\n")
  }

  @Test func aTranscriptIsReadBack() throws {
    let plan = plan(sampleLesson)
    let records = [
      LessonRecord(step: 1, mark: .done(hints: 0), text: "x = 20\nx + 1"),
      LessonRecord(step: 2, mark: .tried, text: "y = z", outcome: .stopped("error: 'z' is unknown", at: 0)),
      LessonRecord(step: 2, mark: .done(hints: 2), text: "y = 22"),
      LessonRecord(step: 2, mark: .check, text: "expect y == 22"),
      LessonRecord(step: 4, mark: .shown, text: "z = 44"),
    ]
    let text =
      LessonTranscript.head(of: plan, resumeWith: "passbook lesson 1", path: "t.pass")
      + records.compactMap(LessonTranscript.cell).joined()
    let source = Source(name: "t.pass", text: text)
    #expect(LessonTranscript.lessonTitle(of: source) == "Sums")
    let (read, diagnostics) = LessonTranscript.records(of: source)
    #expect(diagnostics.isEmpty)
    #expect(read.map(\.step) == records.map(\.step))
    #expect(read.map(\.mark) == records.map(\.mark))
    var run = LessonRun(plan)
    try run.restore(read)
    #expect(run.states == [.done(hints: 2), .shown])
  }

  @Test func cellsOfOtherScriptsAreTries() {
    let (records, _) = LessonTranscript.records(
      of: Source(name: "t", text: "#%% step 0: done\nx\n#%% step 9999999: done\ny"))
    #expect(records.map(\.mark) == [.tried, .tried])
    #expect(LessonTranscript.lessonTitle(of: Source(name: "t", text: "x = 1")) == nil)
  }
}
