import Foundation
import Testing

@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct RepeatabilityTests {
  let folder: TemporaryFolder
  var checkpoint: String { folder.path + "/checkpoint.safetensors" }

  init() throws { folder = try TemporaryFolder() }

  /// Output, weights and claim of one run.
  private func results(_ script: TrainingScript, _ arguments: [String] = []) throws -> [Data] {
    let run = try script.run(in: folder, arguments)
    try #require(run.code == 0, "\(run.errors)")
    return [Data(run.output.utf8), try folder.bytes("weights.safetensors"), try folder.bytes("claim.safetensors")]
  }

  @Test func theSameScriptGivesTheSameBytesWithAnyNumberOfThreads() throws {
    let script = TrainingScript()
    let first = try results(script)
    for threads in ["1", "2", "3", "2"] {
      let again = try besideABusyProcess { try results(script, ["--threads", threads]) }
      #expect(again == first, "\(threads) threads")
    }
  }

  /// The paper's networks, narrow: every kernel that a step of them takes; Scripts/repeat does it at full width.
  @Test(arguments: [
    "alexnet(10, widths: [16, 32, 48, 32, 32], passport: true)",
    "resnet18(10, widths: [16, 16, 32, 32], passport: true)",
  ])
  func aBusyCoreChangesNoByteOfACheckpoint(net: String) throws {
    let script = try folder.file(
      "step.pass",
      """
      data = {images: normal([160, 3, 32, 32], seed: 1), labels: [i mod 10 for i in 0..<160]}
      marks = triggers(patterns(count: 10, seed: 3), count: 10, classes: 10, seed: 5)
      train(\(net), data, epochs: 2, batch: 16, passport: passport("me", seed: 1), triggers: marks, augment: true,
            checkpoint: "\(checkpoint)")

      """)
    func bytes() throws -> Data {
      let run = try Tool.run(["run", script, "--threads", "2"])
      try #require(run.code == 0, "\(run.errors)")
      return try folder.bytes("checkpoint.safetensors")
    }
    let alone = try bytes()
    let disturbed = try besideABusyProcess { try bytes() }
    #expect(disturbed == alone)
  }

  /// Keeps one core busy meanwhile.
  private func besideABusyProcess<Result>(_ body: () throws -> Result) throws -> Result {
    let busy = Process()
    busy.executableURL = URL(fileURLWithPath: "/bin/sh")
    busy.arguments = ["-c", "while :; do :; done"]
    try busy.run()
    defer {
      // SIGTERM may be blocked in the threads of the test runner, and then in their children.
      kill(busy.processIdentifier, SIGKILL)
      busy.waitUntilExit()
    }
    return try body()
  }

  @Test func anotherSeedGivesOtherBytes() throws {
    let script = TrainingScript(epochs: 1)
    let (first, second) = (try results(script, ["--seed", "1"]), try results(script, ["--seed", "2"]))
    #expect(zip(first, second).allSatisfy { $0 != $1 })
  }

  @Test(arguments: [
    "branches: \"alternate\", ratio: 10%, optimizer: adam(0.002), schedule: steps([1, 3])",
    "branches: \"together\", optimizer: sgd(0.02), lambda_trigger: 0.5, sign_on: \"both\"",
  ])
  func resumingInAnotherProcessGivesTheBytesOfTheWholeTraining(settings: String) throws {
    let whole = try results(TrainingScript(epochs: 4, settings: settings))
    let kept = settings + ", checkpoint: \"\(checkpoint)\""
    _ = try results(TrainingScript(epochs: 2, settings: kept))
    #expect(try results(TrainingScript(epochs: 4, settings: kept + ", resume: \"\(checkpoint)\"")) == whole)
  }

  @Test func resumingAfterControlCGivesTheBytesOfTheWholeTraining() throws {
    let script = TrainingScript(epochs: 6, samples: 4000)
    let whole = try results(script)
    var interrupted = script
    interrupted.settings += ", checkpoint: \"\(checkpoint)\""
    let path = try folder.file("interrupted.pass", interrupted.text)
    let terminal = try PseudoTerminal(
      [try #require(Tool.path), "run", path, "--quiet"], environment: ["HOME": folder.path, "TERM": "xterm"])
    try terminal.expect("begun")
    Thread.sleep(forTimeInterval: 0.3)
    terminal.send("\u{3}")
    #expect(try terminal.exitCode() == 130)
    var resumed = script
    resumed.settings += ", resume: \"\(checkpoint)\""
    #expect(try results(resumed) == whole)
  }

  @Test func aCheckpointSurvivesBeingKilledAtAnyMoment() throws {
    var script = TrainingScript(epochs: 100_000, samples: 64)
    script.settings += ", checkpoint: \"\(checkpoint)\""
    let path = try folder.file("endless.pass", script.text)
    let one = TrainingScript(epochs: 1, samples: 64, settings: script.settings + ", resume: \"\(checkpoint)\"")
    for milliseconds in [150, 170, 190, 210, 230] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(Tool.path))
      process.arguments = ["run", path, "--quiet"]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      while !FileManager.default.fileExists(atPath: checkpoint) { Thread.sleep(forTimeInterval: 0.005) }
      Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      _ = try results(one)
      try FileManager.default.removeItem(atPath: checkpoint)
    }
  }

  @Test func aRefusedCheckpointIsNamedAndStays() throws {
    let settings = TrainingScript().settings + ", checkpoint: \"\(checkpoint)\""
    _ = try results(TrainingScript(epochs: 1, settings: settings))
    let kept = try folder.bytes("checkpoint.safetensors")
    let other = TrainingScript(epochs: 2, settings: settings + ", batch: 32, resume: \"\(checkpoint)\"")
    let refused = try other.run(in: folder)
    #expect(refused.code == 1)
    #expect(refused.errors.contains("checkpoint.safetensors belongs to a training with other settings or data"))
    #expect(try folder.bytes("checkpoint.safetensors") == kept)
  }
}
