import Foundation
import Testing

private let controlC = "\u{3}", controlD = "\u{4}", up = "\u{1B}[A"
private let pasteStart = "\u{1B}[200~", pasteEnd = "\u{1B}[201~"

@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct PromptTests {
  let home: TemporaryFolder

  init() throws { home = try TemporaryFolder() }

  @Test func aLineIsEvaluatedAndTheNextCellHasTheNextNumber() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("20 + 22\r")
    try terminal.expect("\n42\n")
    try terminal.expect("passbook 2> ")
  }

  @Test func aBlockGoesOnUntilItIsComplete() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("fn double(x) {\r")
    try terminal.expect("... ")
    terminal.send("x * 2\r")
    try terminal.expect("... ")
    terminal.send("}\r")
    try terminal.expect("passbook 2> ")
    terminal.send("double(21)\r")
    try terminal.expect("\n42\n")
  }

  @Test func figuresAreASCIIWhereTheLocaleIsNotUTF8() throws {
    let terminal = try Tool.prompt(home: home, environment: ["LC_ALL": "C"])
    terminal.send("plot([1, 2, 4], title: \"growth\")\r")
    try terminal.expect("\n")
    #expect(try terminal.expect("passbook 2> ").allSatisfy(\.isASCII))
  }

  @Test func anErrorLeavesTheSessionAlive() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("x = 41\r")
    try terminal.expect("passbook 2> ")
    terminal.send("nonsense\r")
    try terminal.expect("nonsense")
    try terminal.expect("error")
    try terminal.expect("passbook 3> ")
    terminal.send("x + 1\r")
    try terminal.expect("\n42\n")
  }

  @Test func controlDLeavesWithZero() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send(controlD)
    #expect(try terminal.exitCode() == 0)
  }

  @Test func quitLeavesWithZero() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send(":quit\r")
    #expect(try terminal.exitCode() == 0)
  }

  @Test func historySurvivesARestartWithBlocksWhole() throws {
    var terminal = try Tool.prompt(home: home)
    terminal.send("number = [40, #123\r")
    try terminal.expect("... ")
    terminal.send("2]\r")
    try terminal.expect("passbook 2> ")
    terminal.send(controlD)
    #expect(try terminal.exitCode() == 0)

    terminal = try Tool.prompt(home: home)
    terminal.send(up)
    try terminal.expect("2]")
    terminal.send("\r")
    try terminal.expect("passbook 2> ")
    terminal.send("sum(number)\r")
    try terminal.expect("\n42\n")
  }

  @Test func upFindsThePrefixThatIsTyped() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("apple = 40 + 2\r")
    try terminal.expect("passbook 2> ")
    terminal.send("berry = 1\r")
    try terminal.expect("passbook 3> ")
    terminal.send("ap" + up + " ; apple\r")
    try terminal.expect("\n42\n")
  }

  @Test func aSessionWithoutAHomeWorks() throws {
    let terminal = try Tool.prompt(home: home, environment: ["HOME": "/proc/nowhere"])
    terminal.send("20 + 22\r")
    try terminal.expect("\n42\n")
  }

  @Test func aPasteIsOneCell() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send(pasteStart + "a = 40\r\n\tb = 2\r\n\r\na + b\r\n" + pasteEnd)
    try terminal.expect("a + b")
    terminal.send("\r")
    try terminal.expect("\n42\n")
    try terminal.expect("passbook 2> ")
  }

  @Test func aPastedTranscriptRunsItsInput() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send(pasteStart + "passbook 7> a = [40,\n        ... 2]\npassbook 8> sum(a)\n41\n" + pasteEnd)
    try terminal.expect("41")
    terminal.send("\r")
    try terminal.expect("\n42\n")
  }

  @Test func tabCompletesAName() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("thirteen_apples = 42\r")
    try terminal.expect("passbook 2> ")
    terminal.send("thirt\t\r")
    try terminal.expect("\n42\n")
  }

  @Test func tabTwiceShowsTheChoice() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("apple_pie = 1; apple_tart = 2\r")
    try terminal.expect("passbook 2> ")
    terminal.send("app\t")
    try terminal.expect("apple_")
    terminal.send("\t")
    terminal.send("\t")
    try terminal.expect("apple_pie")
    try terminal.expect("apple_tart")
  }

  @Test func tabCompletesAPathInAString() throws {
    let path = try home.file("data-of-the-owner", "x")
    let terminal = try Tool.prompt(home: home)
    terminal.send("len(\"\(home.path)/data-o\t\")\r")
    try terminal.expect("\n\(path.count)\n")
  }

  @Test func theInitFileRunsBeforeTheFirstCell() throws {
    let folder = home.path + "/.config/passbook"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("fn answer() { 42 }\nbroken(\n".utf8).write(to: URL(fileURLWithPath: folder + "/init.pass"))
    let broken = try Tool.prompt(home: home)
    #expect(String(decoding: broken.transcript, as: UTF8.self).contains("init.pass:3:1"))
    try Data("fn answer() { 42 }\n".utf8).write(to: URL(fileURLWithPath: folder + "/init.pass"))
    let terminal = try Tool.prompt(home: home)
    terminal.send("answer()\r")
    try terminal.expect("\n42\n")
    let without = try Tool.prompt(home: home, arguments: ["--no-init"])
    without.send("answer()\r")
    try without.expect("'answer' is unknown")
  }

  @Test func aSessionIsExportedWithoutWhatWasUndone() throws {
    let terminal = try Tool.prompt(home: home)
    for line in ["x = [1, 2, 4]", "x = 5", ":undo", "plot(x, title: \"three\")", "mean(x)"] {
      terminal.send(line + "\r")
    }
    try terminal.expect("passbook 6> ")
    for name in ["s.html", "s.md", "s.ipynb", "s.pass"] {
      terminal.send((name == "s.pass" ? ":save " : ":export ") + home.path + "/" + name + "\r")
      try terminal.expect("wrote ")
    }
    try terminal.expect("passbook 10> ")
    func text(_ name: String) throws -> String { try String(contentsOfFile: home.path + "/" + name, encoding: .utf8) }
    for name in ["s.html", "s.md", "s.ipynb", "s.pass"] {
      let text = try text(name)
      #expect(text.contains("three") && !text.contains("x = 5") && !text.contains(":undo") && !text.contains(":export"))
    }
    #expect(try text("s.html").contains("data:image/svg+xml") && text("s.md").contains("](s.figures/"))
    #expect(try Tool.run(["replay", "--check", home.path + "/s.pass"]).code == 0)
  }

  @Test func controlDInABlockSaysWhatIsMissing() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("fn f() {\r")
    try terminal.expect("... ")
    terminal.send(controlD)
    try terminal.expect("\nerror: ")
    try terminal.expect("passbook 1> ")
  }

  @Test func aResizedTerminalKeepsTheLine() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("20 + 2")
    try terminal.expect("20 + 2")
    terminal.resize(columns: 40)
    terminal.send("2\r")
    try terminal.expect("\n42\n")
  }

  @Test func tabAtTheStartOfALineIndents() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("\t20 + 22\r")
    try terminal.expect("\n42\n")
  }

  @Test func controlCDropsALine() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("nonsense")
    try terminal.expect("nonsense")
    terminal.send(controlC)
    try terminal.expect("^C\n")
    try terminal.expect("passbook 1> ")
    terminal.send("20 + 22\r")
    try terminal.expect("\n42\n")
  }

  @Test func controlCDropsABlock() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("fn f() {\r")
    try terminal.expect("... ")
    terminal.send(controlC)
    try terminal.expect("passbook 1> ")
    terminal.send("20 + 22\r")
    try terminal.expect("\n42\n")
  }

  @Test func controlCStopsALoopAndKeepsVariables() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("x = 42\r")
    try terminal.expect("passbook 2> ")
    terminal.send("while true { x = 42 }\r")
    try terminal.expect("}\n")
    Thread.sleep(forTimeInterval: 0.2)
    let start = Date()
    terminal.send(controlC)
    try terminal.expect("passbook 3> ")
    #expect(Date().timeIntervalSince(start) < 0.5)
    terminal.send("x\r")
    try terminal.expect("\n42\n")
  }

  @Test func aFastSecondControlCDoesNotEndTheSession() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("while true { }\r")
    try terminal.expect("}\n")
    Thread.sleep(forTimeInterval: 0.2)
    terminal.send(controlC + controlC)
    try terminal.expect("passbook 2> ")
    terminal.send("20 + 22\r")
    try terminal.expect("\n42\n")
  }

  @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
  func plainTerminalsGetNoControlBytes(environment: [String: String]) throws {
    let terminal = try Tool.prompt(home: home, environment: environment)
    terminal.send("20 + 22\r")
    try terminal.expect("\n42\n")
    terminal.send("nonsense\r")
    try terminal.expect("passbook 3> ")
    terminal.send(controlD)
    #expect(try terminal.exitCode() == 0)
    #expect(!terminal.transcript.contains { $0 < 32 && $0 != 10 && $0 != 13 })
  }

  @Test func controlCUnderRunExitsWith130() throws {
    let script = try home.file("endless.pass", "print(\"begun\")\nwhile true { }\n")
    let terminal = try PseudoTerminal(
      [try #require(Tool.path), "run", script], environment: ["HOME": home.path, "TERM": "xterm"])
    try terminal.expect("begun")
    terminal.send(controlC)
    #expect(try terminal.exitCode() == 130)
  }
}
