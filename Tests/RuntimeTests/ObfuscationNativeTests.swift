import Testing

@testable import Runtime

/// `obfuscate` and `realign` in the language.
@Suite struct ObfuscationNativeTests {
  private static let setting = """
    fn like(seed) {
      input([1, 28, 28]) |> conv(16, 5, stride: 4) |> norm() |> relu |> conv(32, 3) |> norm() |> relu
        |> flatten |> dense(10) |> model_of(seed: seed)
    }
    net = protect(like(1), layers: "all")
    test = fashion().test |> take(100)
    log = train(net, fashion().train |> take(128), epochs: 1, passport: passport("me", seed: 1))
    owned = release(net)

    """

  private func run(_ script: String) -> Run { Run(Self.setting + script) }

  @Test func aHiddenSignatureIsFoundAgain() {
    let found = run(
      """
      own = verify(owned, claim: log.claim)
      hidden = obfuscate(owned, fold: true, seed: 2)
      expect accuracy(hidden, test) == accuracy(owned, test)
      expect verify(hidden, claim: log.claim).signature < 80%
      others = [like(k) for k in 11..13]
      found = realign(hidden, owned, log.claim, independents: others)
      expect found.accepted and found.cosine > 0.99 and found.null < 0.6
      expect found.independents.rows |> len == 3
      expect found.layers.layer == ["conv1", "conv2", "dense1"] and found.layers.matched[1] == 32
      expect verify(found.net, claim: found.claim, data: test).matches == own.matches
      wide = obfuscate(owned, dummies: 4, seed: 2)
      expect realign(wide, owned, log.claim, independents: others).left_over == 8
      twins = obfuscate(owned, dummies: 64, twins: true, seed: 2)
      found = realign(twins, owned, log.claim, independents: others)
      expect verify(found.net, claim: found.claim).matches == own.matches
      """)
    #expect(found.outcome == .done, "\(found.errors)")
  }

  @Test func aStrangerIsRefusedByName() {
    let stranger = run(
      """
      found = realign(like(5), owned, log.claim, independents: [like(k) for k in 11..16])
      expect not found.accepted
      verify(found.net, claim: log.claim)
      """)
    #expect(stranger.errors.contains("is not distinguishable from independent models (the nearest of 6 has"))
    let alone = run("print(realign(owned, owned, log.claim))\nrealign(owned, owned, log.claim).net")
    #expect(alone.lines.joined(separator: "\n").contains("no independent models: nothing can be concluded"))
    #expect(alone.errors.contains("there are no independent models to compare with"))
  }

  @Test func whatCannotBeDoneIsSaid() {
    #expect(run("obfuscate(owned, dummies: 5000)").errors.contains("'dummies' must be from 0 to 4096, not 5000"))
    #expect(
      run("obfuscate(owned, flips: false, permute: false, scale: false)").errors
        .contains("everything is switched off"))
    #expect(run("obfuscate(owned, twins: true)").errors.contains("twins are dummies, and 0 were asked for"))
    #expect(run("realign(owned, owned, log.claim, independents: [1])").errors.contains("must hold models only"))
    #expect(
      run("realign(alexnet(10), owned, log.claim)").errors.contains("the suspect has 20 layers, and the owner's copy 8"))
  }
}
