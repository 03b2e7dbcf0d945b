import Foundation
import Testing

private let controlC = "\u{3}"

/// `run --record`, `replay` and `:save`, end to end.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct RecordTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func identity(_ path: String) throws -> [UInt64] {
    var status = stat()
    #expect(stat(path, &status) == 0)
    return [UInt64(status.st_ino), UInt64(status.st_mtim.tv_sec), UInt64(status.st_mtim.tv_nsec)]
  }

  @Test func aRunRecordsItsOutputs() throws {
    let script = try folder.file(
      "a.pass",
      [0xEF, 0xBB, 0xBF] + Array("#%%\r\nx = 2\r\nx * 3\r\nprint(\"a\\nb\") # c\r\n1 + 1 ;\r\n:time x\r\n".utf8))
    let result = try Tool.run(["run", script, "--record"])
    #expect(result.code == 0)
    #expect(result.output == "6\na\nb\n2\n")
    #expect(
      String(decoding: try folder.bytes("a.pass"), as: UTF8.self)
        == "\u{FEFF}#%%\r\nx = 2\r\nx * 3  #=> 6\r\nprint(\"a\\nb\") # c\r\n#=> a\r\n#=> b\r\n1 + 1 ;\r\n:time x\r\n#=> 2\r\n"
    )
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.pass"])
  }

  @Test func aCheckedRecordIsAsRecordedAndADifferenceExitsWithOne() throws {
    let script = try folder.file("a.pass", "x = 60.5%\nx  #=> 60.5%\n[1, 2]\n#=> [1, 2]\n:time 1\n")
    let same = try Tool.run(["replay", "--check", script])
    #expect(same.code == 1, "what :time shows is not on record")
    let right = try folder.file(
      "b.pass", "x = 60.5%\nx  #=> 60.6%\n[1, 2]\n#=> […]\n\"took {3s}\"  #=> \"took 5min\"\n")
    let checked = try Tool.run(["replay", "--check", right])
    #expect(checked.code == 0, "\(checked.errors)")
    #expect(checked.output.isEmpty)
    #expect(checked.errors == "\(right): 3 outputs, as recorded\n")
    let wrong = try folder.file("c.pass", "x = 61.5%\nx  #=> 60.5%\nprint(1)\nprint(2)  #=> 2\n2 ;  #=> 2\n")
    let result = try Tool.run(["replay", "--check", wrong, right])
    #expect(result.code == 1)
    for words in [
      "c.pass:2:4", "^^^^^^^^^ is now: 61.5%", "is followed now by: 1", "is not shown any more",
      "4 outputs, 3 differences",
      "\(right): 3 outputs, as recorded",
    ] { #expect(result.errors.contains(words), "\(words) in \(result.errors)") }
  }

  @Test func anUpdateOfAnUnchangedFileTouchesNothing() throws {
    let script = try folder.file("a.pass", "x = 2\r\nx  \t #=>   2 \r\nprint(x)\n\n#=> …")
    let (before, identity) = (try folder.bytes("a.pass"), try identity(script))
    let result = try Tool.run(["replay", "--update", script])
    #expect(result.code == 0)
    #expect(result.errors == "\(script): 0 of 2 outputs updated\n")
    #expect(try folder.bytes("a.pass") == before)
    #expect(try self.identity(script) == identity)
  }

  @Test func anUpdateChangesWhatDiffersAlone() throws {
    let script = try folder.file("a.pass", "x = args.get(\"x\", 2)\nx        #=> 2\nx * 0.5  #=> 1 ± 3\n")
    #expect(try Tool.run(["replay", "--update", script, "x=6"]).code == 0)
    #expect(try text(script) == "x = args.get(\"x\", 2)\nx        #=> 6\nx * 0.5  #=> 1 ± 3\n")
  }

  @Test func anErrorKeepsTheRecordBehindIt() throws {
    let script = try folder.file(
      "a.pass", "print(1)\nfor i in 1..3 { print(i); expect i < 2 }  #=> old\nprint(3)  #=> 5\n")
    #expect(try Tool.run(["run", "--record", script]).code == 1)
    #expect(
      try text(script) == "print(1)  #=> 1\nfor i in 1..3 { print(i); expect i < 2 }  #=> old\nprint(3)  #=> 5\n")
    let checked = try Tool.run(["replay", "--check", script])
    #expect(checked.code == 1)
    #expect(checked.errors.contains("1 output, as recorded; the run did not come to its end"))
  }

  @Test func controlCRecordsWhatCameToItsEnd() throws {
    let script = try folder.file("a.pass", "print(\"begun\")\nwhile true { x = 1 }\nprint(2)  #=> 9\n")
    let terminal = try PseudoTerminal(
      [try #require(Tool.path), "run", script, "--record"], environment: ["HOME": folder.path, "TERM": "xterm"])
    try terminal.expect("begun")
    terminal.send(controlC)
    #expect(try terminal.exitCode() == 130)
    #expect(try text(script) == "print(\"begun\")  #=> begun\nwhile true { x = 1 }\nprint(2)  #=> 9\n")
  }

  @Test func aFileThatChangesWhileItRunsIsNotOverwritten() throws {
    let script = try folder.file("a.pass", "print(\"begun\")\nwhile true { x = 1 }\n")
    let terminal = try PseudoTerminal(
      [try #require(Tool.path), "run", script, "--record"], environment: ["HOME": folder.path, "TERM": "xterm"])
    try terminal.expect("begun")
    _ = try folder.file("a.pass", "edited\n")
    terminal.send(controlC)
    try terminal.expect("it was changed while it ran")
    #expect(try terminal.exitCode() == 1)
    #expect(try text(script) == "edited\n")
  }

  @Test func oneCellIsRecordedWithWhatItNeeds() throws {
    let script = try folder.file(
      "a.pass",
      """
      #%% data
      x = 4
      x  #=> old
      #%% slow
      expect false  # never runs
      #%% double
      y = 2 * x
      y
      #%% after
      y + 1  #=> 1
      #%% other
      x + 1  #=> 5

      """)
    let result = try Tool.run(["run", script, "--record", "--cell", "dou"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      try text(script) == """
        #%% data
        x = 4
        x  #=> old
        #%% slow
        expect false  # never runs
        #%% double
        y = 2 * x
        y  #=> 8
        #%% after [stale]
        y + 1  #=> 1
        #%% other
        x + 1  #=> 5

        """)
    #expect(try Tool.run(["run", script, "--record", "--cell", "4"]).code == 0)
    #expect(try text(script).contains("#%% after\ny + 1  #=> 9\n"))
    let unknown = try Tool.run(["run", script, "--record", "--cell", "x"])
    #expect(unknown.code == 2)
    #expect(unknown.errors.contains("a number from 1 to 5"))
  }

  @Test(arguments: [
    ["run", "-", "--record"], ["run", "x.pass", "--cell", "1"], ["replay"], ["replay", "a=1"],
    ["replay", "x.pass", "--check", "--update"], ["replay", "x.pass", "--speed", "0.001"],
    ["replay", "missing.pass"], ["replay", "missing.pass", "--check"],
  ])
  func wrongUsageExitsWithTwo(arguments: [String]) throws {
    let result = try Tool.run(arguments)
    #expect(result.code == 2)
    #expect(result.errors.hasPrefix("error: "))
  }

  @Test func aReplayAwayFromATerminalIsPlain() throws {
    let script = try folder.file(
      "a.pass", "#%% [md] Title\n# words\n#%% one\nx = [1,\n  2]  # c\nx  #=> old\n#%%\nprint(3)\n")
    let result = try Tool.run(["replay", script])
    #expect(result.code == 0)
    #expect(
      result.output == """
        # Title
        words

        # one
        passbook 2> x = [1,
                ...   2]  # c
                ... x
        [1, 2]
        passbook 3> print(3)
        3

        """)
  }

  @Test func aReplayIsTypedUntilAKeyIsPressed() throws {
    let script = try folder.file("a.pass", "print(\"\(String(repeating: "long ", count: 20))\")\n")
    let terminal = try PseudoTerminal(
      [try #require(Tool.path), "replay", script, "--speed", "5"], environment: ["HOME": folder.path, "TERM": "xterm"])
    try terminal.expect("pri")
    terminal.send("\r")
    try terminal.expect("\nlong long", within: 5)
    #expect(try terminal.exitCode() == 0)
  }

  @Test func aSavedSessionHasItsOutputs() throws {
    let terminal = try Tool.prompt(home: folder)
    for line in ["x = 20", "x + 22", "nonsense", "print(\"a\")", ":save \(folder.path)/saved.pass"] {
      terminal.send(line + "\r")
      try terminal.expect(line)
      try terminal.expect("passbook ")
    }
    #expect(
      try text(folder.path + "/saved.pass")
        == "#%%\nx = 20\n\n#%%\nx + 22  #=> 42\n\n#%%\nprint(\"a\")  #=> a\n")
    #expect(try Tool.run(["replay", "--check", folder.path + "/saved.pass"]).code == 0)
  }

  @Test func aCopiedScreenRunsFromAPipe() throws {
    let screen = "passbook 1> x = [20,\r\n        ... 22]\r\npassbook 2> sum(x)\r\n#=> 41\r\n41\r\n"
    #expect(try Tool.run(["run", "-", "--echo"], input: screen).output == "42\n")
    #expect(try Tool.run([], input: screen).output == "42\n")
  }
}

/// `replay --fast` and `passbook cache`.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct TrainingCacheTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: [String]) throws -> Tool.Result {
    try Tool.run(arguments, environment: ["XDG_CACHE_HOME": folder.path + "/cache"])
  }

  private func entries() throws -> [String] {
    let cache = folder.path + "/cache/passbook/training"
    return (try? FileManager.default.contentsOfDirectory(atPath: cache).map { cache + "/" + $0 }) ?? []
  }

  @Test func aTrainingFromTheCacheIsTheTraining() throws {
    var script = TrainingScript()
    script.ending = "print(verify(release(net), owner, claim: log.claim, triggers: marks))\naccuracy(net, data.test)\n"
    let path = try folder.file("a.pass", script.text)
    #expect(try run(["run", path, "--record"]).code == 0)
    #expect(try entries().isEmpty)
    for note in [false, true] {
      let result = try run(["replay", path, "--fast"])
      #expect(result.code == 0)
      #expect(result.errors.contains("train: taken from the cache") == note)
      #expect(try entries().count == 1)
      #expect(try run(["replay", path, "--check", "--fast"]).errors.hasSuffix("as recorded\n"))
    }
    let list = try run(["cache"])
    #expect(list.output.contains("small, 3 epochs  \(try entries()[0])"))
    #expect(list.output.contains("1 training, "))

    script.epochs = 2
    #expect(try run(["replay", folder.file("a.pass", script.text), "--fast"]).code == 0)
    #expect(try run(["replay", folder.file("a.pass", script.text), "--fast", "--seed", "1"]).code == 0)
    #expect(try entries().count == 3)
    #expect(try run(["cache", "--clear"]).output.hasPrefix("removed 3 trainings"))
    #expect(try entries().isEmpty)
  }

  @Test func aDamagedEntryIsSaidAndReplaced() throws {
    let path = try folder.file("a.pass", TrainingScript(epochs: 1, samples: 128).text)
    let first = try run(["replay", path, "--fast"])
    let entry = try #require(entries().first)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: entry))
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: entry))
    #expect(try run(["cache"]).output.contains("unreadable"))
    let second = try run(["replay", path, "--fast"])
    #expect(second.code == 0)
    #expect(second.errors.contains("warning: train: the cache cannot be used"))
    #expect(second.output == first.output)
    #expect(try Data(contentsOf: URL(fileURLWithPath: entry)) == bytes)
  }

  @Test func aTrainingWithABudgetIsNeverKept() throws {
    var script = TrainingScript(epochs: 1, samples: 128)
    script.settings += ", budget: 10min"
    #expect(try run(["replay", folder.file("a.pass", script.text), "--fast"]).code == 0)
    #expect(try entries().isEmpty)
  }
}
