import Language
import Notebook
import Testing

/// Each test says what happened, and what the prompt is then told to do.
@Suite struct LessonRunTests {
  /// A run that has begun, and, if asked, has its first cell behind it.
  private func begun(behindCell: Bool = false) -> LessonRun {
    var run = LessonRun(plan(sampleLesson))
    _ = run.begin()
    if behindCell { _ = run.handle(.ran("x = 20\nx + 1", .succeeded)) }
    return run
  }

  private let firstCell = "x = 20\nx + 1"

  private func said(_ actions: [LessonAction]) -> [String] {
    actions.compactMap { if case .say(let text, _) = $0 { text } else { nil } }
  }

  private func marks(_ actions: [LessonAction]) -> [LessonRecord.Mark] {
    actions.compactMap { if case .record(let record) = $0 { record.mark } else { nil } }
  }

  @Test func itBeginsWithTheTextAndOffersTheCell() {
    var run = LessonRun(plan(sampleLesson))
    #expect(run.begin() == [.text("# Sums (20 minutes)\nAdding *numbers*."), .offer(firstCell)])
    #expect(run.prompt == "lesson 1/2> ")
  }

  @Test(arguments: ["x = 20\nx + 1", "x = 21\nx + 1"])
  func theOfferedCellEditedOrNotGoesOn(text: String) {
    var run = begun()
    let actions = run.handle(.ran(text, .succeeded))
    #expect(marks(actions) == [.done(hints: 0)])
    #expect(
      actions.last
        == .task(1, title: "forty-two", "Make `y` so that it and `x` are 42 together.\nIt is a number."))
  }

  @Test(arguments: ["1 + 1", "y = 20\ny + 1", "x = 7"])
  func anythingElseKeepsTheCellOnOffer(text: String) {
    var run = begun()
    #expect(
      run.handle(.ran(text, .succeeded)) == [
        .record(LessonRecord(step: 1, mark: .tried, text: text)), .offer(firstCell),
      ])
  }

  @Test func aLookIsNoTry() {
    var run = begun()
    #expect(run.handle(.ran("?sum", .succeeded)) == [.offer(firstCell)])
    run = begun(behindCell: true)
    #expect(run.handle(.ran(":vars", .succeeded)).isEmpty)
  }

  @Test func aFailedCellIsOfferedAgainAndKept() {
    var run = begun()
    let outcome = RunOutcome.stopped("error: no", at: 0)
    #expect(
      run.handle(.ran(firstCell, outcome)) == [
        .record(LessonRecord(step: 1, mark: .tried, text: firstCell, outcome: outcome)), .offer(firstCell),
      ])
  }

  @Test func controlCLeavesTheLineToTheLearnerAndEnterBringsTheCellBack() {
    var run = begun()
    #expect(said(run.handle(.dropped)).count == 1)
    #expect(run.handle(.dropped).isEmpty)
    #expect(run.handle(.blank) == [.offer(firstCell)])
  }

  @Test func aWrongAnswerIsToldWhy() {
    var run = begun(behindCell: true)
    #expect(run.handle(.ran("y = 1", .succeeded)) == [.check(1)])
    let actions = run.handle(.checked(.fails("x and y are 42 together")))
    #expect(marks(actions) == [.tried])
    #expect(actions.last == .say("x and y are 42 together", .notYet))
    #expect(run.prompt == "lesson 1/2> ")
  }

  @Test func anExperimentIsToldOnceAndAnAnswerAgain() {
    var run = begun(behindCell: true)
    func tell(_ text: String) -> [String] {
      _ = run.handle(.ran(text, .succeeded))
      return said(run.handle(.checked(.fails("'y' is unknown"))))
    }
    #expect(tell("1 + 1").count == 1)
    #expect(tell("2 + 2").isEmpty)
    #expect(tell("z = 4").count == 1)
  }

  @Test func aTrainingThatWasCutShortCounts() {
    var run = begun()
    #expect(marks(run.handle(.ran(firstCell, .cutShort))) == [.done(hints: 0)])
    #expect(run.handle(.ran("y = 22", .cutShort)) == [.check(1)])
    #expect(
      run.handle(.checked(.holds)).first
        == .record(LessonRecord(step: 2, mark: .done(hints: 0), text: "y = 22", outcome: .cutShort)))
  }

  @Test func aMistakeIsNotChecked() {
    var run = begun(behindCell: true)
    #expect(marks(run.handle(.ran("y = 1 +* 2", .stopped("error", at: 0)))) == [.tried])
    #expect(run.handle(.checked(.holds)).isEmpty)
  }

  @Test func aRightAnswerGoesOnToTheNextText() {
    var run = begun(behindCell: true)
    _ = run.handle(.ran("y = 22", .succeeded))
    let actions = run.handle(.checked(.holds))
    #expect(marks(actions) == [.done(hints: 0), .check])
    #expect(actions.suffix(2) == [.text("A second one."), .task(2, title: "twice", "Make `z` twice `y`.")])
    #expect(run.states == [.done(hints: 0), .open])
    #expect(run.prompt == "lesson 2/2> ")
  }

  @Test func hintsComeOneAtATimeAndAreCounted() {
    var run = begun(behindCell: true)
    #expect(run.handle(.command(.hint)) == [.hint(1, of: 2, "Subtract.")])
    #expect(run.handle(.command(.hint)) == [.hint(2, of: 2, "`y = 42 - ...`")])
    #expect(said(run.handle(.command(.hint))) == ["there are no more hints; :show shows a solution"])
    _ = run.handle(.ran("y = 22", .succeeded))
    #expect(marks(run.handle(.checked(.holds))).first == .done(hints: 2))
    #expect(said(run.handle(.command(.hint))) == ["this task has no hints; :show shows a solution"])
  }

  @Test func aShownSolutionIsOfferedAndCountsAsShown() {
    var run = begun(behindCell: true)
    #expect(run.handle(.command(.show)).last == .offer("y = 42 -\n  x"))
    _ = run.handle(.ran("y = 42 -\n  x", .succeeded))
    #expect(marks(run.handle(.checked(.holds))).first == .shown)
    #expect(run.states[0] == .shown)
  }

  @Test func skippingRunsTheSolutionAndGoesOn() {
    var run = begun(behindCell: true)
    #expect(run.handle(.command(.skip)).last == .run("y = 42 -\n  x"))
    let actions = run.handle(.ran("y = 42 -\n  x", .succeeded))
    #expect(marks(actions) == [.skipped])
    #expect(run.states[0] == .skipped)
    #expect(run.prompt == "lesson 2/2> ")
  }

  @Test func aCellIsSkippedByRunningIt() {
    var run = begun()
    #expect(run.handle(.command(.skip)) == [.run(firstCell)])
    #expect(marks(run.handle(.ran(firstCell, .succeeded))) == [.skipped])
    #expect(run.prompt == "lesson 1/2> ")
    #expect(said(run.handle(.blank)).count == 1)
  }

  @Test func commandsAtACellSayWhatItIsAndOfferItAgain() {
    for command in [LessonCommand.hint, .show, .task, .progress] {
      var run = begun()
      #expect(run.handle(.command(command)).last == .offer(firstCell), "\(command)")
    }
  }

  @Test func theTaskCanBeReadAgain() {
    var run = begun(behindCell: true)
    guard case .task(1, _, _) = run.handle(.command(.task)).first else {
      Issue.record("no task")
      return
    }
  }

  @Test func progressSaysHowEachTaskWent() {
    var run = begun(behindCell: true)
    #expect(run.progress() == ["1. forty-two: you are here", "2. twice: to come"])
    _ = run.handle(.command(.hint))
    _ = run.handle(.ran("y = 22", .succeeded))
    _ = run.handle(.checked(.holds))
    #expect(run.progress() == ["1. forty-two: done with a hint", "2. twice: you are here"])
  }

  @Test func theLastTaskEndsTheLessonAndTheSessionStaysOpen() {
    var run = begun(behindCell: true)
    for answer in ["y = 22", "z = 44"] {
      _ = run.handle(.ran(answer, .succeeded))
      let actions = run.handle(.checked(.holds))
      if answer == "z = 44" {
        #expect(actions.contains(.text("The end.")))
        #expect(said(actions).contains("2. twice: done"))
      }
    }
    #expect(run.isDone)
    #expect(run.prompt == "lesson done> ")
    #expect(marks(run.handle(.ran("x", .succeeded))) == [.tried])
    #expect(said(run.handle(.command(.hint))) == ["the lesson is done; :progress shows how it went"])
    #expect(run.handle(.blank).isEmpty)
  }

  @Test func recordsRestoreWhereTheLearnerWas() throws {
    var run = LessonRun(plan(sampleLesson))
    try run.restore([
      LessonRecord(step: 1, mark: .done(hints: 0), text: firstCell),
      LessonRecord(step: 2, mark: .tried, text: "y = 1"),
      LessonRecord(step: 2, mark: .done(hints: 1), text: "y = 22"),
      LessonRecord(step: 2, mark: .check, text: "expect true"),
      LessonRecord(step: 4, mark: .tried, text: "z = 1"),
    ])
    #expect(run.states == [.done(hints: 1), .open])
    #expect(run.begin() == [.text("A second one."), .task(2, title: "twice", "Make `z` twice `y`.")])
  }

  @Test(arguments: [0, 3, 9])
  func recordsOfAnotherLessonAreRefused(step: Int) {
    var run = LessonRun(plan(sampleLesson))
    #expect(throws: LessonMismatch.self) {
      try run.restore([LessonRecord(step: step, mark: .done(hints: 0), text: "x")])
    }
  }
}
