import Testing

@testable import Runtime

/// The forgeries of `forge` that need no claim, and `emulation_curve`, in the language.
@Suite struct ForgeryNativeTests {
  private static let setting = """
    net = input([1, 28, 28]) |> conv(8, 3, stride: 2) |> norm(passport: true) |> relu
      |> conv(16, 3, stride: 2) |> norm(passport: true) |> relu |> flatten |> dense(10) |> model_of()
    data = {train: fashion().train |> take(128), test: fashion().test |> take(100)}
    claim = train(net, data, epochs: 1, passport: passport("me", seed: 1)).claim
    thief = release(net)

    """

  private func run(_ script: String) -> Run { Run(Self.setting + script) }

  private func expectDone(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let found = run(script)
    #expect(found.outcome == .done, "\(found.errors)", sourceLocation: sourceLocation)
  }

  @Test func theClosedFormFoolsWhoeverAcceptsIt() {
    expectDone(
      """
      stranger = passport("not me", seed: 7)
      forged = forge(thief, method: "closed", passport: stranger)
      expect forged.layers == ["norm1", "norm2"] and forged.unsolved == [] and forged.largest < 1
      proof = verify(thief, claim: forged, data: data)
      expect proof.matches == 24 and proof.bits == 24 and proof.gap == 0%
      again = forge(thief, method: "closed", passport: stranger, layers: "norm2", seed: 3)
      expect again.layers == ["norm2"]
      expect max(abs(again.passports.norm2.scale - forged.passports.norm2.scale)) == 0
      expect verify(thief, claim: again, data: data).gap == 0%
      """)
  }

  @Test func passportsAreSolvedForWhereTheyCanBe() {
    expectDone(
      """
      forged = forge(thief, method: "linear")
      expect forged.layers == ["norm1", "norm2"] and forged.unsolved == []
      proof = verify(thief, claim: forged, data: data)
      expect proof.matches == 24 and proof.gap == 0%
      fn reach(passport) { max([max(abs(passport.scale)), max(abs(passport.shift))]) }
      expect forged.largest == max([reach(forged.passports[path]) for path in forged.layers])
      small = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm |> relu
        |> conv(16, 3) |> norm |> flatten |> dense(10) |> model_of()
      part = forge(small, method: "linear")
      expect part.layers == ["norm2"] and part.unsolved == ["norm1: a passport sets 9 of the 16 channels"]
      print(part)
      """)
  }

  @Test func emulatedScalesBecomeAClaim() {
    expectDone(
      """
      for method in ["cerb", "ierb"] {
        forged = forge(thief, method: method, claim: claim, data: data, share: 50%, epochs: 1, seed: 4)
        proof = verify(thief, claim: forged, data: data)
        expect proof.matches == 24 and proof.bits == 24
        curve = emulation_curve(thief, claim, data, method: method, shares: [50%, 20%], epochs: 1, seed: 4)
        expect curve.share == [50%, 20%] and curve.before[0] == accuracy(thief, data)
        expect curve.after[0] == proof.aware
        expect 0% <= curve.dissimilarity[0] and curve.dissimilarity[0] <= 100%
      }
      free = forge(thief, method: "cerb", data: data.train, layers: "norm2", epochs: 1)
      expect free.layers == ["norm2"]
      """)
  }

  /// DeepIPR has no FC blocks: what is emulated is solved for.
  @Test func emulatedScalesOfDeepIPRBecomePassports() {
    expectDone(
      """
      plain = input([1, 28, 28]) |> conv(8, 3, stride: 2) |> norm |> relu |> flatten |> dense(10) |> model_of()
      for scheme in ["deepipr-v1", "deepipr-v2"] {
        other = protect(plain, scheme: scheme)
        theirs = train(other, data, epochs: 1, scheme: scheme, passport: passport(seed: 1)).claim
        forged = forge(other, method: "ierb", claim: theirs, data: data, epochs: 1, seed: 4)
        expect verify(other, claim: theirs).bits == 8 and forged.layers == ["norm1"]
        curve = emulation_curve(other, theirs, data, method: "ierb", shares: [100%], epochs: 1, seed: 4)
        suspect = if scheme == "deepipr-v1" { release(other, passport: passport(seed: 1)) } else { release(other) }
        expect verify(suspect, claim: forged, data: data).aware == curve.after[0]
      }
      """)
  }

  @Test(arguments: [
    ("forge(thief, method: \"cerb\")", "forge: whoever trains needs samples"),
    (
      "forge(thief, method: \"open\")",
      "forge: 'method' is one of \"random\", \"reverse\", \"flip\", \"closed\", \"linear\", \"cerb\", \"ierb\", "
        + "not \"open\""
    ),
    ("forge(thief, fc: claim)", "'fc' is no argument of forge"),
    (
      "forge(thief, method: \"closed\", layers: \"conv9\")",
      "layers: there is none named 'conv9' that can carry a passport"
    ),
    ("forge(thief, method: \"closed\", passport: claim)", "forge: 'passport' must be a passport, not a claim"),
    ("emulation_curve(thief, claim, data.train)", "emulation_curve: a split to train on says nothing of other samples"),
    ("emulation_curve(thief, claim, data, shares: [])", "emulation_curve: there is no share to try"),
    (
      "emulation_curve(thief, claim, data, shares: [0%])",
      "emulation_curve: a share of the samples is above 0% and up to 100%, not 0%"
    ),
  ])
  func mistakesAreNamed(script: String, message: String) {
    let found = run(script)
    #expect(found.outcome == .failed && found.messages.first == message, "\(found.messages)")
  }
}
