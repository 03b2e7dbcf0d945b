import Language
import Testing

@testable import Runtime

@Suite struct SessionTests {
  private func makeSession(_ recorder: Recorder) -> Session {
    var options = SessionOptions()
    options.echo = .prompt
    return Session(options: options, output: recorder)
  }

  private func type(_ cells: String..., into session: Session) {
    for cell in cells { _ = session.runCell(Source(name: "cell", text: cell)) }
  }

  @Test func resultsAreKeptByCellNumber() {
    let recorder = Recorder()
    let session = makeSession(recorder)
    type("1 + 1", "x = 5", "_ * 10", "_1 + _3", into: session)
    #expect(recorder.rendered == "")
    #expect(recorder.lines == ["2", "20", "22"])
  }

  @Test func magics() {
    let recorder = Recorder()
    let session = makeSession(recorder)
    type("x = 5", ":vars", ":seed 7", ":seed", ":time 1 + 1", ":reset", "x", ":hlep", into: session)
    #expect(recorder.lines == ["name  kind    value\nx     number  5", "seed 7", "2"])
    #expect(recorder.notes.first?.hasPrefix("took ") == true)
    #expect(recorder.rendered.contains("'x'"))
    #expect(recorder.rendered.contains("help"))
  }

  @Test func helpShowsParametersAndExample() {
    let session = makeSession(Recorder())
    let help = session.help(on: "round", wantsSource: false)
    #expect(help.contains("round(value, digits: 0)"))
    #expect(help.contains("#=> 3.14"))
    #expect(session.help(on: "", wantsSource: false).contains(":quit"))
    #expect(session.help(on: "rond", wantsSource: false).contains("did you mean 'round'?"))
  }

  @Test func completions() {
    let session = makeSession(Recorder())
    type("data = {train: {images: 1}, test: 2}", into: session)
    func completions(_ line: String) -> [String] { session.completions(in: line, at: line.count) }
    #expect(completions("rou") == ["round"])
    #expect(completions("x = round(3, d").first == "digits:")
    #expect(completions("data.t") == ["test", "train"])
    #expect(completions("data.train.") == ["images"])
    #expect(completions(":hi") == ["history"])
    #expect(completions("\"/et") == ["/etc/"])
    #expect(session.completions(in: "", at: 50).isEmpty == false)
  }

  @Test func checkFindsWhatRunningWouldWithoutRunning() {
    let recorder = Recorder()
    let session = makeSession(recorder)
    let problems = session.check(Source(name: "t", text: "print(1)\n#%%\nx = unknwn\n\"{1:zz}\""))
    #expect(problems.count == 2)
    #expect(recorder.lines.isEmpty)
  }

  @Test func aLongLoopIsQuick() {
    let clock = ContinuousClock()
    let script = "n = 0\nm = 0\nfor i in 1..100000 {\n  n = n + i\n  m = m + n * 2\n  k = n mod 7\n}\nn"
    var run: Run?
    let duration = clock.measure { run = Run(script) }
    #expect(run?.lines == ["5000050000"])
    print("100,000 turns of three statements: \(duration)")
    #expect(duration < .milliseconds(200))
  }
}
