import Testing

@testable import Runtime

/// What a claim shows of itself is enough to verify a signature and to compute a scale by hand.
@Suite struct ClaimTests {
  @Test func passportsSignsAndBlocksGiveWhatTheToolComputes() {
    let run = Run(
      """
      net = input([1, 28, 28]) |> conv(16, 3, stride: 2) |> norm(passport: true) |> relu |> flatten |> dense(10)
        |> model_of()
      owner = passport("me", seed: 1)
      claim = train(net, fashion().train |> take(128), epochs: 1, passport: owner).claim
      expect keys(claim.passports) == claim.layers
      P = claim.passports.norm1.scale
      expect shape(P) == [1, 1, 28, 28]
      expect shape(claim.passports.norm1.shift) == shape(P)
      W = parameters(release(net))["conv1.weight"]
      w = conv(P, 16, 3, stride: 2, weight: W) |> reshape([16, -1]) |> mean(axis: 1)
      expect sum(w * claim.signs.norm1 > 0) == verify(release(net), owner, claim: claim).matches
      own = parameters(net)
      expect max(abs(claim.blocks.norm1.first - own["norm1.fc.0.weight"])) == 0
      expect max(abs(claim.blocks.norm1.second - own["norm1.fc.2.weight"])) == 0
      """)
    #expect(run.outcome == .done, "\(run.errors)")
  }
}
