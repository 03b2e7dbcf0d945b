import Foundation
import Testing

@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct InterruptTests {
  let home: TemporaryFolder

  init() throws { home = try TemporaryFolder() }

  @Test func controlCEndsATrainingWithinHalfASecondAndKeepsAll() throws {
    let terminal = try Tool.prompt(home: home)
    terminal.send("\u{1B}[200~" + TrainingScript.model + "\u{1B}[201~\r")
    try terminal.expect("passbook 2> ")
    terminal.send("log = train(net, data, epochs: 100000, passport: owner, triggers: marks)\r")
    try terminal.expect("epoch 1 of 100000")
    Thread.sleep(forTimeInterval: 0.3)
    let start = Date()
    terminal.send("\u{3}")
    try terminal.expect("passbook 3> ")
    #expect(Date().timeIntervalSince(start) < 0.5)
    terminal.send("log.stopped\r")
    try terminal.expect("\ntrue\n")
    terminal.send("\"{accuracy(net, data.test |> take(10)) >= 0} {owner.seed} {log.claim.bits}\"\r")
    try terminal.expect("true 42 48")
    terminal.send("train(net, data.train |> take(64), epochs: 2, passport: owner, triggers: marks).stopped\r")
    try terminal.expect("\nfalse\n")
  }

  @Test func theBudgetEndsATraining() throws {
    let script = TrainingScript(epochs: 100_000, settings: "budget: 300ms", ending: "print(log.stopped == \"budget\")")
    let start = Date()
    let result = try script.run(in: home)
    #expect(result.code == 0)
    #expect(result.output.hasSuffix("true\n"))
    #expect(Date().timeIntervalSince(start) < 3)
  }

  @Test func controlCUnderRunWritesTheCheckpoint() throws {
    let checkpoint = home.path + "/checkpoint.safetensors"
    // One epoch of 500 steps would take longer than the test waits: the file comes from the interrupt.
    let script = TrainingScript(epochs: 1000, samples: 8000, settings: "batch: 16, checkpoint: \"\(checkpoint)\"")
    let terminal = try PseudoTerminal(
      [try #require(Tool.path), "run", try home.file("script.pass", script.text), "--quiet"],
      environment: ["HOME": home.path, "TERM": "xterm"])
    try terminal.expect("begun")
    Thread.sleep(forTimeInterval: 0.2)
    #expect(!FileManager.default.fileExists(atPath: checkpoint))
    terminal.send("\u{3}")
    #expect(try terminal.exitCode() == 130)
    #expect(FileManager.default.fileExists(atPath: checkpoint))
  }
}
