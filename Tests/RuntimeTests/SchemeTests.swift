import Foundation
import Testing

@testable import Runtime

/// The paper's method and the baselines beside it, through the same three calls.
@Suite struct SchemeTests {
  private static let setting = """
    fn plain() {
      input([1, 8, 8]) |> conv(16, 3) |> norm |> relu |> conv(16, 3, stride: 2) |> norm |> relu |> flatten |> dense(4)
        |> model_of(seed: 1)
    }
    data = {images: normal([32, 1, 8, 8], seed: 1), labels: [i mod 4 for i in 0..<32]}
    owner = passport("me", seed: 42)
    marks = triggers(patterns(count: 8, size: 8, channels: 1, seed: 5), count: 8, classes: 4, seed: 5)

    """

  private func expectHolds(_ script: String) {
    let run = Run(Self.setting + script)
    #expect(run.outcome == .done, "\(run.errors)")
  }

  private func expectError(_ message: String, _ script: String) {
    let run = Run(Self.setting + script)
    #expect(run.outcome != .done)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test(arguments: [
    ("passport-aware", "passport: owner, triggers: marks", 32), ("deepipr-v1", "passport: owner, triggers: marks", 32),
    ("deepipr-v2", "passport: owner", 32), ("deepipr-v3", "passport: owner, triggers: marks", 32),
    ("uchida", "passport: owner, bits: 40", 40), ("adi", "triggers: marks", 0),
  ])
  func everySchemeTrainsReleasesAndVerifies(scheme: String, arguments: String, bits: Int) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("scheme-\(scheme).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let hasTriggers = arguments.contains("triggers")
    expectHolds(
      """
      net = plain()
      log = train(net, data, epochs: 60, batch: 16, scheme: "\(scheme)", \(arguments), optimizer: sgd(0.02), seed: 3,
                  lambda_sign: 1, triggers_per_batch: 8)
      released = \(scheme == "deepipr-v1" ? "release(net, passport: owner)" : "release(net)")
      expect keys(parameters(released)) == keys(parameters(plain()))
      save(log.claim, "\(file.path)")
      claim = load("\(file.path)")
      proof = verify(released, claim: claim, data: data\(hasTriggers ? ", triggers: marks" : ""))
      expect proof.bits == \(bits)
      expect (proof.signature == none) == (\(bits) == 0)
      if proof.bits > 0 { expect proof.signature >= 95% }
      if proof.bits > 0 { expect log.signature[-1] == proof.signature }
      if not ("\(scheme)" in ["deepipr-v2", "deepipr-v3"]) { expect proof.free > 50% }
      \(hasTriggers ? "expect proof.trigger > 50%" : "expect proof.trigger == none")
      expect (proof.aware == none) == ("\(scheme)" in ["uchida", "adi"])
      # Shared statistics fit neither of DeepIPR's branches well: what the paper's separate ones cure.
      if "\(scheme)" in ["passport-aware", "deepipr-v1"] { expect proof.aware > 50% }
      print(proof, claim)
      """)
  }

  @Test func theOnlyBranchOfDeepIPRsFirstSchemeIsWhatIsReleased() {
    expectHolds(
      """
      net = plain()
      log = train(net, data, epochs: 2, batch: 16, scheme: "deepipr-v1", passport: owner)
      released = release(net, passport: owner)
      expect len(log.free) == 0
      expect accuracy(released, data) == accuracy(net, data, passport: owner)
      proof = verify(released, owner, claim: log.claim, data: data)
      expect proof.free == proof.aware
      expect verify(net, owner, claim: log.claim, data: data).free == proof.free
      """)
  }

  @Test func ablationsAreOptionsOfProtect() {
    expectHolds(
      """
      for statistics in ["separate", "shared"] { for fc in [true, false] {
        net = protect(plain(), statistics: statistics, fc: fc)
        names = keys(parameters(net)) + keys(parameters(net, statistics: true))
        expect any(["fc." in name for name in names]) == fc
        expect any(["bn1" in name for name in names]) == (statistics == "separate")
        log = train(net, data, epochs: 1, batch: 16, passport: owner)
        expect accuracy(release(net), data, claim: log.claim) == accuracy(net, data, passport: owner)
      } }
      """)
  }

  @Test func theWidestConvolutionCarriesTheWatermarkUnlessOneIsNamed() {
    expectHolds(
      """
      train(plain(), data, epochs: 1, scheme: "uchida", passport: passport(seed: 1), bits: 9, layers: "norm1").claim |> print
      """)
    expectError(
      "10 bits do not fit conv1, where one output channel has 9 weights",
      "train(plain(), data, epochs: 1, scheme: \"uchida\", passport: owner, bits: 10, layers: \"norm1\")")
  }

  @Test func aWatermarkVerifiesWithItsOwnersPassportOnly() {
    let watermark = """
      net = plain()
      log = train(net, data, epochs: 1, scheme: "uchida", passport: owner, bits: 16, layers: "conv2")
      adi = train(plain(), data, epochs: 1, scheme: "adi", triggers: marks)

      """
    expectHolds(watermark + "expect verify(net, owner, claim: log.claim).bits == 16")
    expectError(
      "made with another passport", watermark + "verify(net, passport(\"me\", seed: 43), claim: log.claim)")
    expectError(
      "made with another passport", watermark + "verify(net, passport(\"too long\", seed: 42), claim: log.claim)")
    expectError("by triggers alone, which no passport made", watermark + "verify(net, owner, claim: adi.claim)")
    expectError("shows nothing without them", watermark + "verify(net, claim: adi.claim)")
    for call in [
      "forge(net, claim: log.claim)", "ambiguity_curve(net, log.claim, {train: data, test: data})",
      "flip_scales(net, 10%, claim: adi.claim)",
    ] {
      expectError("no passports that could be forged", watermark + call)
    }
  }

  @Test(arguments: [
    ("deepipr-v3 lives by its triggers", "scheme: \"deepipr-v3\", passport: owner"),
    ("deepipr-v2 has no triggers", "scheme: \"deepipr-v2\", passport: owner, triggers: marks"),
    ("adi has triggers alone", "scheme: \"adi\", passport: owner, triggers: marks"),
    ("uchida takes its bits from a passport", "scheme: \"uchida\""),
    ("deepipr-v2 needs the owner's passport", "scheme: \"deepipr-v2\""),
    ("'bits' belongs to uchida", "bits: 12"),
    ("'lambda_sign' must be 0 or more, not -1", "lambda_sign: -1"),
    ("\"passport-aware\"", "scheme: \"deepipr-v4\""),
  ])
  func whatDoesNotBelongToASchemeIsRefused(message: String, arguments: String) {
    expectError(message, "train(plain(), data, epochs: 1, \(arguments))")
  }

  @Test func aModelOfAnotherSchemeIsRefused() {
    expectError(
      "not those of deepipr-v2",
      "train(protect(plain()), data, epochs: 1, scheme: \"deepipr-v2\", passport: owner)")
    expectError(
      "train it with scheme: \"deepipr-v1\"",
      "train(protect(plain(), scheme: \"deepipr-v1\"), data, epochs: 1, passport: owner)")
    expectError("DeepIPR V1 has no passport-free branch", "accuracy(protect(plain(), scheme: \"deepipr-v1\"), data)")
    expectError("'fc' is settled by deepipr-v2", "protect(plain(), scheme: \"deepipr-v2\", fc: true)")
  }
}
