import Foundation
import Language
import Testing

@testable import Runtime

/// `:vars`, `:undo`, `:whatif`, `:watch`, `:set` and `:replay`, cell by cell as at the prompt.
@Suite struct ComfortTests {
  private let recorder = Recorder()
  private let session: Session

  init() {
    var options = SessionOptions()
    options.echo = .prompt
    options.isQuiet = true
    session = Session(options: options, output: recorder)
  }

  private func type(_ cells: String...) {
    for (index, cell) in cells.enumerated() { _ = session.runCell(Source(name: "cell \(index)", text: cell)) }
  }

  /// The row of `:vars` for a variable, its columns joined by single spaces.
  private func row(_ name: String) throws -> String {
    let lines = try session.variableTable().split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    return try #require(lines.first { $0.hasPrefix(name + " ") })
  }

  private static let net = """
    net = input([1, 28, 28]) |> conv(16, 5, stride: 4) |> norm(passport: true) |> relu |> flatten |> dense(10) |> model_of()
    """

  // MARK: :vars

  @Test func variablesShowShapeAndSize() throws {
    type("x = zeros([250, 1000])", "words = [\"a\", \"b\"]", Self.net)
    #expect(try row("x") == "x tensor [250, 1000] 1 MB tensor [250, 1000]")
    #expect(try row("words") == "words list [2] [\"a\", \"b\"]")
    #expect(try row("net").contains("[1, 28, 28] -> [10]"))
  }

  @Test(arguments: [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1050, "1.1 kB"), (99_950, "100 kB"), (12_345_678, "12.3 MB")])
  func bytesAreShownInTheirUnits(_ bytes: Int, _ text: String) { #expect(bytes.shownAsBytes == text) }

  @Test func whatIsMadeFromAReplacedValueIsStale() throws {
    type("width = 3", "fn wide(x) { x * width }", "a = wide(2)", "b = a + 1", "c = 7")
    #expect(try !session.variableTable().contains("stale"))
    type("width = 4")
    #expect(try row("a").contains("since width changed"))
    #expect(try row("b").contains("since width changed"))
    #expect(try !row("c").contains("since"))
    type("a = wide(2)")
    #expect(try !row("a").contains("since"))
    #expect(try row("b").contains("since a changed"))
  }

  @Test func anotherFunctionMakesItsResultsStale() throws {
    type("fn f(x) { x + 1 }", "y = f(1)", "fn f(x) { x + 2 }")
    #expect(try row("y").contains("since f changed"))
  }

  @Test func aCounterIsNotStaleOfItself() throws {
    type("x = 1", "x += 1", "x = x + 1")
    #expect(try !session.variableTable().contains("since"))
  }

  // MARK: :undo

  @Test func undoTakesBackBindingsDrawsAndTrainings() throws {
    type(Self.net, "data = fashion().train |> take(64)")
    let before = try #require((session["net"].flatMap(Self.model))?.network.parameters["conv1.weight"]?.elements)
    type("r = normal([2]) ; train(net, data, epochs: 1, passport: passport(\"me\", seed: 1)) ; data = none")
    #expect(recorder.rendered == "")
    #expect(Self.model(session["net"]!)?.network.parameters["conv1.weight"]?.elements != before)
    let drawn = session["r"]?.describe()
    type(":vars", ":undo")
    #expect(Self.model(session["net"]!)?.network.parameters["conv1.weight"]?.elements == before)
    #expect(session["r"] == nil && session["data"]?.isNone == false)
    #expect(session.history.map(\.number) == [1, 2])
    type("r = normal([2])")
    #expect(session["r"]?.describe() == drawn)
  }

  @Test func undoGoesBackOneCell() {
    type("x = 1", "x = 2", ":undo", ":undo")
    #expect(session["x"]?.describe() == "1")
    #expect(recorder.rendered.contains("there is nothing to undo"))
  }

  @Test func aCellThatFailedIsUndoneToo() {
    type("x = 1", "x = 2\nexpect false", ":undo")
    #expect(session["x"]?.describe() == "1")
  }

  private static func model(_ value: Value) -> ModelObject? {
    if case .object(let object) = value { object as? ModelObject } else { nil }
  }

  // MARK: :whatif

  @Test func aBranchIsKeptOrDropped() {
    type("x = 1", ":whatif", "x = 2", "y = 3")
    #expect(session.isWhatIf)
    type(":whatif drop")
    #expect(!session.isWhatIf && session["x"]?.describe() == "1" && session["y"] == nil)
    #expect(session.history.map(\.text) == ["x = 1"])
    type(":whatif", "x = 5", ":whatif keep")
    #expect(!session.isWhatIf && session["x"]?.describe() == "5")
  }

  @Test(arguments: [
    (":whatif keep", "no branch is open"), (":whatif drop", "no branch is open"), (":whatif maybe", "not ':whatif maybe'"),
  ])
  func wrongWordsForABranchAreSaid(_ cell: String, _ message: String) {
    type(cell)
    #expect(recorder.rendered.contains(message))
  }

  @Test func aSecondBranchIsRefused() {
    type(":whatif", ":whatif")
    #expect(recorder.rendered.contains("a branch is open already"))
  }

  // MARK: :watch

  @Test func definitionsAreReadAgainWhenTheFileChanges() throws {
    let path = NSTemporaryDirectory() + "/passbook-watch-\(UUID().uuidString).pass"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    try write("#%%\nprint(\"not run\")\nfn f(x) { x + 1 }\n")
    type(":watch \(path)", "f(1)")
    #expect(recorder.lines == ["2"])
    try write("fn f(x) { x + 100 }\nfn g() { 7 }\n")
    type("f(1) + g()")
    #expect(recorder.lines == ["2", "108"])
    try write("fn f(x) { x +\n")
    type("f(1)")
    #expect(recorder.lines == ["2", "108", "101"] && recorder.diagnostics.contains { $0.severity == .error })
    try FileManager.default.removeItem(atPath: path)
    type("f(2)", ":watch", ":watch off", ":watch")
    #expect(recorder.lines.suffix(3) == ["102", path, "no file is watched"])
  }

  // MARK: :set and :replay

  @Test func settingsSayWhatTheyAreFor() {
    type(":set", ":set exact", ":set exact on", ":set exact")
    #expect(Setting.all.allSatisfy { setting in recorder.lines.contains { $0.hasPrefix(setting.name + " ") } })
    #expect(recorder.lines.suffix(2) == ["exact off  (on|off)", "exact on  (on|off)"])
  }

  @Test(arguments: [
    (":set exct on", "did you mean 'exact'?"), (":set exact maybe", "exact is on or off, not 'maybe'"),
    (":set threads 0", "a whole number from 1 to 256"), (":set echo on off", "write :set echo on|off"),
  ])
  func wrongSettingsAreAnswered(_ cell: String, _ message: String) {
    type(cell)
    #expect(recorder.rendered.contains(message))
  }

  @Test func aReplayShowsCodeWithoutOldOutputs() throws {
    let path = NSTemporaryDirectory() + "/passbook-replay-\(UUID().uuidString).pass"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("#%% one\nx = 2  #=> old\nx * 3\n#=> older\n#%% [md] text\n#%% two\nx ;\n".utf8).write(
      to: URL(fileURLWithPath: path))
    type(":replay \(path)")
    #expect(recorder.lines == ["#%% one\nx = 2\nx * 3", "6", "#%% two\nx ;"])
  }
}
