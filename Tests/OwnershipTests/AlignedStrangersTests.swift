import Datasets
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks
@testable import Ownership

/// Whoever has trained a model of his own is not convicted, however well it is aligned.
@Suite struct AlignedStrangersTests {
  /// 512 bits in two convolutions and a dense layer.
  private func plain(seed: UInt64) throws -> Network {
    func block(_ stage: Stage, _ layer: any Layer, _ number: Int) throws -> Stage {
      try stage.appending(layer, path: "layer\(number)").appending(NormalizationLayer(), path: "norm\(number)")
        .appending(ReluLayer())
    }
    let first = try block(Stage.input([1, 28, 28]), ConvolutionLayer(channels: 64, kernel: 5, stride: 4), 1)
    let second = try block(first, ConvolutionLayer(channels: 128, kernel: 3, stride: 2), 2)
    return try block(second.appending(FlattenLayer()), DenseLayer(width: 320), 3)
      .appending(DenseLayer(width: 10), path: "head").network(named: "small", seed: seed)
  }

  private func train(
    _ network: Network, _ images: ImageSet, seed: UInt64, passport: Passport? = nil
  ) throws -> (network: Network, claim: Claim?) {
    var plan = TrainingPlan(epochs: 2, seed: seed)
    plan.batchSize = 32
    plan.passport = passport
    plan.optimizer = .sgd(rate: 0.02, momentum: 0.9, decay: 5e-4)
    var trainer = try Trainer(network, on: images, plan: plan)
    try trainer.run(isInterrupted: { false }, elapsed: { 0 }, observe: { _ in })
    return (try trainer.network.released(), try trainer.claim())
  }

  /// Twenty models from other starts, on the owner's own data, and one from the owner's start: aligned like a suspect
  /// they match half of the bits. Aligned by whole rows, nearly every one of them would be convicted.
  @Test func areNotConvicted() throws {
    let images = try Fashion.load().train.taking(count: 256)
    let (owned, kept) = try train(
      plain(seed: 1).protecting(.all, seed: 2), images, seed: 4, passport: Passport(seed: 3))
    let claim = try #require(kept)
    let strangers = try (0..<20).map { number in
      try train(plain(seed: 100 + UInt64(number)), images, seed: 50 + UInt64(number)).network
    }
    let null = try AlignmentNull(reference: owned, claim: claim, independents: strangers)
    #expect(null.entries.allSatisfy { $0.bits == 512 })
    let share = try #require(null.signature)
    #expect(abs(share - 0.5) < 0.03)
    for entry in null.entries {
      // Of twenty fair coins one is below 1e-4 once in five hundred tests; a verdict asks for 1e-20.
      #expect(try BinomialTail.log10(matches: entry.matches, trials: entry.bits) > -4)
    }

    // None is accepted by what is known of the nineteen others and the owner's true copy is.
    let copy = try Realignment(
      of: Obfuscation(folding: true, dummies: 6, seed: 9).apply(to: owned).network, to: owned, claim: claim)
    #expect(null.accepts(copy))
    let other = try Realignment(of: train(plain(seed: 300), images, seed: 300).network, to: owned, claim: claim)
    #expect(copy.cosine > 0.99 && other.cosine < 0.2)
    let withoutOther = AlignmentNull(entries: null.entries + [.init(cosine: other.cosine, matches: 0, bits: 0)])
    #expect(!withoutOther.accepts(other))

    // Whoever starts from the owner's own first weights is near, and still matches by chance alone.
    let twin = try Realignment(of: train(plain(seed: 1), images, seed: 5).network, to: owned, claim: claim)
    let found = try Verification(twin.network, claim: twin.claim)
    #expect(null.accepts(twin) && found.log10P > -4)

    // The reason for all of this.
    for stranger in strangers {
      let whole = try Realignment(of: stranger, to: owned, claim: claim, keepsPatches: true)
      let found = try Verification(whole.network, claim: whole.claim)
      #expect(found.signature > 0.62 && found.log10P < -7)
    }
  }

  /// Filters that are smooth say something of W S even where S is taken out of them: strangers match far more than half of
  /// such an owner's bits. But all of them do, and what the independent models match is chance.
  @Test func smoothFiltersConvictNobody() throws {
    func smooth(seed: UInt64) throws -> Network {
      var network = try plain(seed: seed)
      for name in ["layer1.weight", "layer2.weight", "layer3.weight"] {
        var stream = RandomStream(seed: seed, name: "smooth/" + name)
        let shape = try #require(network.parameters[name]?.shape)
        let length = shape.dropFirst().reduce(1, *)
        try network.parameters[name]?.mutate { values in
          for row in 0..<shape[0] {
            let level = stream.normal()
            for column in 0..<length { values[row * length + column] = level + 0.2 * stream.normal() }
          }
        }
      }
      return network
    }
    let carrier = try smooth(seed: 1).protecting(.all, seed: 2)
    var passports = try Passport(seed: 3).issue(for: carrier)
    for index in passports.indices {
      let reading = try carrier.scaleReading(passports[index]).elements
      passports[index].signature = Signature(signs: reading.map { $0 < 0 ? -1 : 1 })
    }
    let claim = try Claim(of: carrier, passports: passports, triggerHash: nil)
    let strangers = try (0..<4).map { try smooth(seed: 100 + $0) }
    let null = try AlignmentNull(reference: carrier.released(), claim: claim, independents: strangers)
    #expect(null.signature ?? 0 > 0.65)
    let innocent = try Realignment(of: smooth(seed: 200), to: carrier.released(), claim: claim)
    let found = try Verification(innocent.network, claim: innocent.claim)
    #expect(found.log10P < -10)
    let chance = try null.bitChance
    #expect(try BinomialTail.log10(matches: found.matches, trials: found.bits, probability: chance) > -4)
  }

  @Test func theChanceOfABitIsThatOfTheIndependentModels() throws {
    func chance(_ matches: Int...) throws -> Double {
      try AlignmentNull(entries: matches.map { .init(cosine: 0.2, matches: $0, bits: 100) }).bitChance
    }
    #expect(try chance() == 0.5)
    #expect(try chance(20) == 0.5)
    // The best one, or the upper end of 201 of 400.
    #expect(try chance(48, 70, 50, 33) == 0.7)
    #expect(try abs(chance(50, 51, 51, 49) - 0.5447) < 1e-3)
  }

  /// An owner who writes his bits into biases finds them in nobody else's model.
  @Test func biasesAreNobodysEvidence() throws {
    var setting = try ObfuscationSetting(.pointnet)
    for layer in setting.claim.layers where ["p1", "p2", "p3"].contains(layer.passport.path) {
      let signs = layer.passport.signature.signs
      try setting.released.replace(
        layer.passport.source + ".bias", by: Tensor(signs.map { 50 * $0 }, shape: [signs.count]))
    }
    let strangers = try (0..<6).map { try ObfuscationSetting(.pointnet, seed: 100 + UInt64($0)).released }
    let null = try AlignmentNull(reference: setting.released, claim: setting.claim, independents: strangers)
    // Four standard deviations of 1680 coins.
    #expect(abs(try #require(null.signature) - 0.5) < 0.05)
  }

  /// A watermark is a projection of the mean row, and rows are compared without it.
  @Test func aWatermarkIsNotFoundInStrangers() throws {
    let released = try ObfuscationSetting(.alexnet).released
    let node = try #require(released.node(at: "features.4.conv"))
    var mark = try Watermark(Passport(seed: 5), source: node.path, bits: 128, length: 48 * 9)
    // The owner's bits are what his weights show.
    let reading = try mark.reading(of: released).elements
    mark.signature = Signature(signs: reading.map { $0 > 0 ? 1 : -1 })
    let claim = Claim(layers: [], watermark: mark, triggerHash: nil)
    let suspect = try Obfuscation(seed: 4).apply(to: released).network
    #expect(try Verification(suspect, claim: claim).signature < 0.7)
    let copy = try Realignment(of: suspect, to: released, claim: claim)
    #expect(try Verification(copy.network, claim: copy.claim).signature == 1)
    let strangers = try (0..<8).map { try ObfuscationSetting(.alexnet, seed: 100 + UInt64($0)).released }
    let null = try AlignmentNull(reference: released, claim: claim, independents: strangers)
    // Four standard deviations of 1024 coins.
    #expect(abs(try #require(null.signature) - 0.5) < 0.0625)
  }
}
