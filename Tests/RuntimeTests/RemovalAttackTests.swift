import Foundation
import Language
import Testing

@testable import Runtime

/// Removal attacks in the language: the tables agree with verify on the attacked models, and mistakes are named.
@Suite struct RemovalAttackTests {
  private static let setting = """
    model small(classes) on [1, 28, 28] {
      conv(16, 5, stride: 4) |> norm(passport: true) |> relu
      flatten
      dense(classes)
    }
    source = fashion()
    data = {train: source.train |> take(96), test: source.test |> take(40)}
    marks = triggers(source.test, count: 5, classes: 10, seed: 1)
    owner = passport("me", seed: 1)
    net = small(10)
    log = train(net, data, epochs: 2, passport: owner, triggers: marks, seed: 3)
    suspect = release(net)

    """

  private func run(_ script: String) -> Run { Run(Self.setting + script) }

  private func expectDone(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let run = run(script)
    #expect(run.outcome == .done, "\(run.errors)", sourceLocation: sourceLocation)
  }

  @Test func pruningAndQuantisationAgreeWithVerify() {
    expectDone(
      """
      pruned = prune_curve(suspect, [0%, 70%], claim: log.claim, data: data.test, triggers: marks)
      proof = verify(prune(suspect, 70%), owner, claim: log.claim, data: data.test, triggers: marks)
      row = pruned.rows[1]
      expect row.rate == 70% and row.free == proof.free and row.aware == proof.aware and row.trigger == proof.trigger
      expect row.signature == proof.signature and row.log10_p == proof.log10_p
      coarse = quantize_curve(suspect, [8, 2], claim: log.claim, data: data, triggers: marks)
      proof = verify(quantize(suspect, 2), owner, claim: log.claim, data: data.test, triggers: marks)
      row = coarse.rows[1]
      expect row.bits == 2 and row.free == proof.free and row.aware == proof.aware and row.trigger == proof.trigger
      expect row.signature == proof.signature and row.log10_p == proof.log10_p
      """)
  }

  @Test func theLastRowOfAFineTuningIsTheFineTunedModel() {
    expectDone(
      """
      methods = ["ftll", "rtal"]
      curve = fine_tune_curve(suspect, data, epochs: 2, claim: log.claim, methods: methods, triggers: marks, seed: 4)
      expect curve.epoch == [0, 1, 2, 0, 1, 2]
      expect curve.method == ["ftll", "ftll", "ftll", "rtal", "rtal", "rtal"]
      for place in [2, 5] {
        row = curve.rows[place]
        attacked = fine_tune(suspect, data, epochs: 2, method: row.method, seed: 4)
        proof = verify(attacked, owner, claim: log.claim, data: data.test, triggers: marks)
        expect row.free == proof.free and row.aware == proof.aware and row.trigger == proof.trigger
        expect row.signature == proof.signature and row.log10_p == proof.log10_p
      }
      frozen = parameters(fine_tune(suspect, data, epochs: 1, method: "rtll", seed: 4))
      expect max(abs(frozen["conv1.weight"] - parameters(suspect)["conv1.weight"])) == 0
      expect max(abs(frozen["dense1.weight"] - parameters(suspect)["dense1.weight"])) > 0
      expect max(abs(parameters(suspect)["conv1.weight"] - parameters(release(net))["conv1.weight"])) == 0
      """)
  }

  @Test func transferHasANewHeadAndAsksTheOldOne() {
    expectDone(
      """
      shapes = {train: {images: data.train.images, labels: [y mod 3 for y in data.train.labels]},
                test: {images: data.test.images, labels: [y mod 3 for y in data.test.labels]}}
      curve = transfer_curve(suspect, shapes, epochs: 1, claim: log.claim, triggers: marks, seed: 4)
      moved = transfer(suspect, shapes, epochs: 1, seed: 4)
      expect moved.output == [3]
      expect curve.epoch == [0, 1] and curve.gone == [0, 0]
      expect curve.rows[1].free == accuracy(moved, shapes)
      expect curve.rows[1].aware == accuracy(moved, shapes, claim: log.claim)
      expect curve.rows[0].trigger == verify(suspect, owner, claim: log.claim, triggers: marks).trigger
      expect transfer(suspect, shapes, epochs: 1, classes: 5, layers: "last", seed: 4).output == [5]
      """)
  }

  @Test func overwritingAndDistillationAgreeWithVerify() {
    expectDone(
      """
      thief = passport("no", seed: 9)
      curve = overwrite_curve(suspect, data, epochs: 1, passport: thief, claim: log.claim, seed: 4)
      found = overwrite(suspect, data, epochs: 1, passport: thief, seed: 4)
      first = verify(found.net, owner, claim: log.claim, data: data.test)
      second = verify(found.net, thief, claim: found.claim, data: data.test)
      row = curve.rows[1]
      expect row.free == first.free and row.aware == first.aware and row.signature == first.signature
      expect row.second_signature == second.signature and row.second_aware == second.aware
      expect row.second_log10_p == second.log10_p
      curve = distill_curve(suspect, data, epochs: 1, claim: log.claim, triggers: marks, seed: 4)
      student = distill(suspect, data, epochs: 1, seed: 4)
      proof = verify(student, owner, claim: log.claim, data: data.test, triggers: marks)
      row = curve.rows[1]
      expect row.free == proof.free and row.aware == proof.aware and row.signature == proof.signature
      expect row.trigger == proof.trigger and row.gone == 0
      other = input([1, 28, 28]) |> flatten |> dense(10) |> model_of()
      curve = distill_curve(suspect, data, epochs: 1, claim: log.claim, student: other, answers: "labels")
      expect curve.gone == [16, 16] and curve.signature == [none, none]
      """)
  }

  @Test func aTablePlotsOverItsColumnAndBecomesAFile() throws {
    let path = NSTemporaryDirectory() + "/passbook-curve-" + UUID().uuidString + ".csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    expectDone(
      """
      curve = prune_curve(suspect, [0%, 50%, 90%], claim: log.claim, data: data.test, triggers: marks)
      plot(curve, x: "rate")
      save(curve, "\(path)")
      """)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.first == "rate,free,aware,signature,log10_p,trigger")
    #expect(lines.last?.hasPrefix("0.9,") == true)
  }

  @Test func columnsBecomeLines() {
    let table = "table({rate: [0%, 50%], free: [90%, none], log10_p: [-9, -3], name: [\"a\", \"b\"]})"
    func plain(_ call: String) -> String { Run(call).lines.joined(separator: "\n") }
    #expect(plain("plot(\(table), x: \"rate\")") == plain("plot({free: [90%, 0/0]}, x: \"rate\", at: [0%, 50%])"))
    #expect(
      plain("plot(\(table), x: \"rate\", columns: [\"log10_p\"])")
        == plain("plot({log10_p: [-9, -3]}, x: \"rate\", at: [0%, 50%])"))
    #expect(
      plain("plot(\(table), x: \"step\")")
        == plain("plot({rate: [0%, 50%], free: [90%, 0/0], log10_p: [-9, -3]}, x: \"step\")"))
  }

  @Test(arguments: [
    ("quantize(suspect, 1)", "quantize: weights take 2 to 16 bits, not 1"),
    ("prune_curve(suspect, [10%], claim: 3)", "prune_curve: 'claim' must be a claim such as log.claim, not a number"),
    (
      "quantize_curve(resnet18(10, widths: [16, 16, 16, 16]), [4], claim: log.claim)",
      "the model has no normalisation named norm1, where the claim has a passport layer"
    ),
    (
      "fine_tune(suspect, data, epochs: 1, method: \"all\")",
      "fine_tune: 'method' is one of \"ftll\", \"ftal\", \"rtll\", \"rtal\", not \"all\""
    ),
    (
      "fine_tune_curve(suspect, data, epochs: 1, claim: log.claim, methods: [])",
      "fine_tune_curve: name at least one method"
    ),
    (
      "fine_tune_curve(suspect, data, epochs: 1, claim: log.claim, methods: [1])",
      "fine_tune_curve: 'methods' holds some of \"ftll\", \"ftal\", \"rtll\", \"rtal\", not 1"
    ),
    (
      "fine_tune_curve(suspect, data, epochs: 1, claim: log.claim, methods: [\"ftll\", \"ftal\"], checkpoint: \"x\")",
      "fine_tune_curve: a checkpoint belongs to one method, not to 2"
    ),
    ("transfer(suspect, data, epochs: 1, classes: 1)", "transfer: a task has 2 to 100000 classes, not 1"),
    ("overwrite(suspect, data, epochs: 1)", "overwrite needs the argument 'passport'"),
    ("distill(suspect, data, epochs: 1, temperature: 0)", "the temperature is a number above 0, not 0.0"),
    ("save(table({a: [1]}), \"x.safetensors\")", "save: a table is saved as *.csv, not as \"x.safetensors\""),
    ("save(net, \"x.csv\")", "save: a model is no table, and *.csv holds one"),
    ("prune_curve(suspect, [], claim: log.claim)", "prune_curve: there is nothing to try: the list is empty"),
    ("plot(table({a: [1], b: [2]}), columns: [\"c\"])", "plot: the table has no column of numbers named c"),
  ])
  func mistakesAreNamed(call: String, message: String) {
    let run = run(call)
    #expect(run.outcome == .failed)
    #expect(run.messages.first == message)
  }

  @Test func aBudgetKeepsTheRowsSoFar() {
    expectDone(
      """
      curve = fine_tune_curve(suspect, data, epochs: 3, claim: log.claim, budget: 0s)
      expect curve.epoch == [0]
      """)
  }

  @Test func aCheckpointGoesOnWhereItWasWritten() {
    let path = NSTemporaryDirectory() + "/passbook-attack-" + UUID().uuidString + ".safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    expectDone(
      """
      whole = fine_tune_curve(suspect, data, epochs: 3, claim: log.claim, methods: "rtal", seed: 4)
      part = fine_tune_curve(
        suspect, data, epochs: 2, claim: log.claim, methods: "rtal", seed: 4, checkpoint: "\(path)")
      rest = fine_tune_curve(suspect, data, epochs: 3, claim: log.claim, methods: "rtal", seed: 4, resume: "\(path)")
      expect rest.epoch == [2, 3] and rest.rows == whole.rows[2..3] and part.rows == whole.rows[0..2]
      """)
  }
}
