import Terminal
import Testing

struct ScreenTests {
  @Test(arguments: [("abc", 3), ("größe", 5), ("大", 2), ("e\u{301}", 1), ("🙂", 2), ("\u{200B}", 0), ("", 0)])
  func widthIsThatOfTheTerminal(text: String, width: Int) { #expect(text.displayWidth == width) }

  @Test func clippingNeverSplitsAWideCharacter() {
    #expect("a大b".clipped(toColumns: 2) == "a")
    #expect("a大b".clipped(toColumns: 3) == "a大")
  }

  @Test(arguments: [["NO_COLOR": "1", "TERM": "xterm"], ["TERM": "dumb"], [:]])
  func plainIsWhatTheEnvironmentSays(environment: [String: String]) { #expect(Style.wantsPlain(environment)) }

  @Test func anEmptyWishIsNone() { #expect(!Style.wantsPlain(["NO_COLOR": "", "TERM": "xterm"])) }

  @Test func onlyAnEnabledStylePaints() {
    #expect(Style(isEnabled: true)(.red, "x") == "\u{1B}[31mx\u{1B}[0m")
    #expect(Style(isEnabled: false)(.red, "x") == "x")
    #expect(Style(isEnabled: true).readlinePrompt(.cell(1)) == "\u{1}\u{1B}[1m\u{2}passbook 1> \u{1}\u{1B}[0m\u{2}")
  }
}

/// What a progress wrote, and a clock to turn.
private final class Recorder {
  var text = ""
  var time = 0.0

  var continuations = 0

  func progress(_ manner: Progress.Manner, columns: Int = 60) -> Progress {
    Progress(
      manner: manner, size: { ScreenSize(columns: columns, rows: 24) }, now: { self.time },
      continuations: { self.continuations }, write: { self.text += $0 })
  }
}

struct ProgressTests {
  private let recorder = Recorder()

  private func state(_ completed: Int) -> Progress.State {
    Progress.State(title: "epoch 1 of 3", completed: completed, total: 100, figures: [("loss", "1.25")])
  }

  @Test func aSectionIsOnePlainLineWithoutATerminal() {
    let progress = recorder.progress(.lines)
    progress.update(state(0))
    recorder.time = 10
    progress.update(state(50))
    progress.endSection(state(100))
    #expect(recorder.text == "epoch 1 of 3  loss 1.25  10/s\n")
  }

  @Test func theBarIsDrawnAtMostTenTimesASecondAndFitsTheScreen() {
    let progress = recorder.progress(.bar)
    for step in 0..<100 {
      recorder.time = Double(step) * 0.01
      progress.update(state(step))
    }
    let drawings = recorder.text.split(separator: "\r")
    #expect((9...11).contains(drawings.count))
    #expect(drawings.allSatisfy { $0.withoutControlSequences.displayWidth <= 60 })
  }

  @Test(arguments: [(100, "loss 1.25  10/s  5 s left"), (60, "loss 1.25  5 s left"), (46, "loss 1.25  5 s left")])
  func theTimeLeftIsTheLastToGiveWay(columns: Int, end: String) {
    let progress = recorder.progress(.bar, columns: columns)
    progress.update(state(0))
    recorder.time = 5
    progress.update(state(50))
    let line = recorder.text.split(separator: "\r").last.map { $0.withoutControlSequences } ?? ""
    #expect(line.hasSuffix(end))
    // A terminal writes ^C behind it and must not break the line for that.
    #expect(line.displayWidth <= columns - 5)
  }

  @Test func whatAShellWroteMeanwhileIsNotDrawnOver() {
    let progress = recorder.progress(.bar)
    var twoLines = state(1)
    twoLines.picture = { _ in ["above"] }
    progress.update(twoLines)
    recorder.text = ""
    recorder.continuations = 1
    recorder.time = 1
    progress.update(twoLines)
    #expect(!recorder.text.contains("\u{1B}[1A"))
    recorder.time = 2
    progress.update(twoLines)
    #expect(recorder.text.contains("\u{1B}[1A"))
  }

  @Test func quietWritesNothing() {
    let progress = recorder.progress(.none)
    progress.update(state(1))
    progress.endSection(state(100))
    #expect(recorder.text.isEmpty)
  }
}
