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
    #expect(session.help(on: "table", wantsSource: false).contains("    #=>   0%  91.2%\n    #=>  10%    90%"))
    #expect(session.help(on: "", wantsSource: false).contains(":quit"))
    #expect(session.help(on: "rond", wantsSource: false).contains("did you mean 'round'?"))
  }

  @Test func helpFitsANarrowTerminal() {
    let session = makeSession(Recorder())
    let areas = NativeTable.standard.areas
    for query in [""] + areas.map(\.name) + areas.flatMap(\.natives).map(\.name) {
      let lines = session.help(on: query, wantsSource: false).split(separator: "\n")
      // A result is shown as it is.
      #expect(lines.prefix { !$0.contains("#=>") }.allSatisfy { $0.count <= 79 }, "?\(query)")
    }
  }

  @Test func variablesFitANarrowTerminal() {
    let recorder = Recorder()
    let session = makeSession(recorder)
    type("a = \"\(String(repeating: "word ", count: 40))\"", "b = a", "a = 1", ":vars", into: session)
    let lines = recorder.lines.joined(separator: "\n").split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count <= 79 })
    #expect(lines.last?.contains("since a changed") == true)
  }

  @Test func questionsDoNotBelongInAScript() {
    let session = makeSession(Recorder())
    type("x = 1", "?round", ":vars", ":whatif", "x", ":whatif keep", ":seed 3", into: session)
    #expect(session.history.filter(\.belongsInScript).map(\.text) == ["x = 1", "x", ":seed 3"])
  }

  @Test func completions() {
    let session = makeSession(Recorder())
    type("data = {train: {images: 1}, test: 2}", into: session)
    func completions(_ line: String) -> [String] { session.completions(in: line, at: line.count) }
    #expect(completions("rou") == ["round"])
    #expect(completions("x = round(3, d").first == "digits:")
    #expect(completions("round(") == ["digits:", "value:", "data"])
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
