import Testing

@testable import Runtime

/// `forge`, `ambiguity_curve` and `flip_scales` in the language.
@Suite struct AmbiguityTests {
  private static let setting = """
    net = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm(passport: true) |> relu |> flatten |> dense(10)
      |> model_of()
    data = {train: fashion().train |> take(128), test: fashion().test |> take(100)}
    claim = train(net, data, epochs: 1, passport: passport("me", seed: 1)).claim
    thief = release(net)

    """

  private func run(_ script: String) -> Run { Run(Self.setting + script) }

  @Test func everyForgerGetsAClaimThatFits() {
    let found = run(
      """
      for forged in [
        forge(thief, claim: claim, seed: 9),
        forge(thief, method: "reverse", claim: claim, data: data, epochs: 1, seed: 9),
        forge(thief, method: "reverse", claim: claim, data: data.train, epochs: 1, share: 50%, start: "small", seed: 9),
        forge(thief, method: "flip", claim: claim, data: data, epochs: 1, rate: 50%, blocks: "trained", seed: 9),
      ] {
        expect forged.bits == claim.bits and forged.layers == claim.layers
        expect max(abs(forged.signs.norm1)) == 1
        expect max(abs(forged.passports.norm1.scale - claim.passports.norm1.scale)) > 0
        expect verify(thief, claim: forged, data: data).bits == 16
      }
      flipped = forge(thief, method: "flip", claim: claim, data: data, epochs: 1, rate: 50%, seed: 9)
      expect sum(flipped.signs.norm1 * claim.signs.norm1 < 0) == 8
      """)
    #expect(found.outcome == .done, "\(found.errors)")
  }

  @Test func curvesHaveARowForEachAttemptEpochOrRate() {
    let found = run(
      """
      strangers = ambiguity_curve(thief, claim, data, method: "random", attempts: 3, seed: 2)
      expect strangers.attempt == [1, 2, 3]
      expect strangers.forger_bits[0] != strangers.forger_bits[1] or strangers.mse[0] != strangers.mse[1]
      reverse = ambiguity_curve(thief, claim, data, epochs: 2, seed: 2)
      expect reverse.epoch == [0, 1, 2]
      expect reverse.owner[0] == verify(thief, claim: claim, data: data).aware
      again = ambiguity_curve(thief, claim, data, epochs: 2, seed: 2)
      expect again.mse == reverse.mse and again.forged == reverse.forged
      last = forge(thief, method: "reverse", claim: claim, data: data, epochs: 2, seed: 2)
      expect reverse.forged[2] == verify(thief, claim: last, data: data).aware
      expect reverse.forger_log10_p[2] == verify(thief, claim: last).log10_p
      flips = ambiguity_curve(thief, claim, data, method: "flip", rates: [0%, 50%], epochs: 1, seed: 2)
      expect flips.rate == [0%, 50%]
      expect flips.forger_bits[0] == flips.owner_bits[0]
      scales = ambiguity_curve(thief, claim, data, method: "scales", rates: [0%, 100%], seed: 2)
      expect scales.forged[0] == scales.owner[0]
      expect scales.owner_bits[0] + scales.owner_bits[1] == 100%
      """)
    #expect(found.outcome == .done, "\(found.errors)")
  }

  @Test(arguments: [
    ("forge(thief, method: \"reverse\", claim: claim)", "forge: whoever trains needs samples"),
    (
      "forge(thief, method: \"flip\", claim: claim, data: data, rate: 150%)",
      "forge: the rate is a share of the bits from 0% to 100%, not 150%"
    ),
    ("forge(thief, method: \"reverse\")", "forge: 'claim' must be a claim such as log.claim, not none"),
    (
      "forge(alexnet(10), claim: claim)",
      "the model has no normalisation named norm1, where the claim has a passport layer"
    ),
    (
      "ambiguity_curve(thief, claim, data.train)",
      "ambiguity_curve: a split to train on says nothing of other samples"
    ),
    ("flip_scales(thief, 2, claim: claim)",
      "flip_scales: the rate is a share of the scales from 0% to 100%, not 200%"),
  ])
  func mistakesAreNamed(script: String, message: String) {
    let found = run(script)
    #expect(found.outcome == .failed && found.messages.first == message, "\(found.messages)")
  }
}
