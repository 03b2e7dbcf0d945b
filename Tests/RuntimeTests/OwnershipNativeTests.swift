import Foundation
import Testing

@testable import Runtime

/// What `commit`, `judge` and their like say of mistakes, and of what they wrote.
@Suite struct OwnershipNativeTests {
  private static let setting = """
    net = input([1, 28, 28]) |> conv(80, 5, stride: 4) |> norm(passport: true) |> relu |> flatten |> dense(10)
      |> model_of()
    owner = keypair(statement: "mine", seed: 1)
    log = train(net, fashion().train |> take(640), epochs: 1, batch: 16, passport: owner, lambda_sign: 10)

    """

  private func run(_ script: String, atThePrompt: Bool = false) -> Run {
    Run(Self.setting + script) { if atThePrompt { $0.echo = .prompt } }
  }

  @Test func triggersThatWereNotLearnedAreNoted() {
    let found = run(
      """
      marks = triggers(patterns(count: 40, size: 28, channels: 1, seed: 5), count: 40, classes: 10, seed: 5)
      commit(net, owner, triggers: marks).statement
      """)
    #expect(found.outcome == .done, "\(found.errors)")
    #expect(found.notes.count == 1 && found.notes[0].contains("of these triggers, which then show little"))
    #expect(run("commit(net, owner).statement").notes.isEmpty)
  }

  @Test func filesThatAreThereAreNotedAtThePromptAlone() {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).tsq").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let script = "timestamp_request(commit(net, owner), \"\(path)\")"
    #expect(run(script, atThePrompt: true).notes.contains("wrote \(path)"))
    #expect(run(script).notes.isEmpty)
  }

  @Test func mistakesAreNamedWhereTheyWereMade() {
    let cases = [
      ("commit(net, owner, thresholds: {signature: \"low\"})", "'thresholds': 'signature' must be a number, not a text"),
      ("judge(release(net), {claim: \"a.claim\"})", "'claim' must be a claim such as log.claim, not a text"),
      ("judge(release(net), {claim: \"a.claim\"})", "open a file first: claim: load(\"a.claim\")"),
      ("judge(release(net), log.claim, independents: [log.claim])", "'independents' must hold models only"),
      ("forge(release(net), method: \"closed\", layers: [\"conv9\"])", "layers: there is none named 'conv9'"),
    ]
    for (script, words) in cases { #expect(run(script).errors.contains(words), "\(script)") }
    // One model stands for a list of one.
    #expect(run("judge(release(net), log.claim, independents: release(net)).rule").outcome == .done)
  }

  @Test func anAreaNamesItsNeighbours() {
    let recorder = Recorder()
    let session = Session(options: SessionOptions(), output: recorder)
    #expect(session.help(on: "ownership", wantsSource: false).hasSuffix("see also ?verify, ?predictions, ?forge, ?obfuscate"))
    for names in NativeTable.related.values {
      for name in names { #expect(NativeTable.standard[name] != nil, "\(name)") }
    }
  }
}
