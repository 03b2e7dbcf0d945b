import Keys
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks
@testable import Ownership

/// The answer to obfuscation: the signature is read of the aligned suspect as of the owner's own copy.
@Suite struct RealignmentTests {
  typealias Architecture = ObfuscationSetting.Architecture

  @Test(arguments: Architecture.allCases) func obfuscatedCopiesAlign(architecture: Architecture) throws {
    try expectAlignment(of: ObfuscationSetting(architecture), losingBiases: architecture == .pointnet)
  }

  /// A bound owner has no bias that folding could take.
  @Test func allBitsOfABoundPointNetAlign() throws {
    try expectAlignment(of: ObfuscationSetting(.pointnet, key: OwnerKey(practice: 1, statement: "Lab 26")))
  }

  private func expectAlignment(of setting: ObfuscationSetting, losingBiases: Bool = false) throws {
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape, count: 100)
    let passports = setting.claim.passports
    let aware = try Predictor(setting.released.attaching(setting.claim), passports: passports).logits(samples).elements
    for (name, attack) in ObfuscationTests.options {
      let suspect = try attack.apply(to: setting.released).network
      let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
      let found = try Verification(aligned.network, claim: aligned.claim)
      #expect(aligned.cosine > 0.9999, "\(name)")
      #expect(aligned.layers.allSatisfy { $0.matched == $0.channels }, "\(name)")
      #expect(aligned.network.nodes.map(\.path) == setting.released.nodes.map(\.path))
      let computed = try Predictor(suspect).logits(samples).elements
      #expect(try aligned.network.deviation(from: computed, on: samples) < 1e-5, "\(name)")
      // Where the fold moved biases that carry bits, W S is read alone: a bit in a hundred hangs on its bias here.
      let isMoved = losingBiases && attack.folding
      #expect(aligned.emptiedBiases == (isMoved ? ["p1.linear", "p2.linear", "p3.linear"] : []))
      #expect(1 - found.signature <= (isMoved ? 0.02 : 0), "\(name)")
      guard !isMoved else { continue }
      let branch = try aligned.network.attaching(aligned.claim)
      #expect(try branch.deviation(from: aware, on: samples, passports: passports) < 1e-5, "\(name)")
    }
  }

  @Test(arguments: [NormalizationKind.group, .layer, .instance]) func otherNormalizationsAlign(
    kind: NormalizationKind
  ) throws {
    let setting = try ObfuscationSetting(.alexnet, normalization: kind)
    let suspect = try Obfuscation(dummies: 16, seed: 3).apply(to: setting.released).network
    let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
    #expect(try Verification(aligned.network, claim: aligned.claim).signature == 1)
    #expect(aligned.leftOver == (kind == .layer ? 0 : 80))
  }

  /// A thief who trains, prunes or rounds first.
  @Test(arguments: Architecture.allCases) func damagedCopiesAlign(architecture: Architecture) throws {
    let setting = try ObfuscationSetting(architecture)
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape, count: 64)
    var plan = TrainingPlan(epochs: 2, seed: 7)
    plan.batchSize = 16
    plan.optimizer = .sgd(rate: 0.001, momentum: 0.9, decay: 5e-4)
    let damaged = [
      ("fine-tuned", try Stolen.run(FineTuning(.ftal), on: setting.released, with: samples, plan: plan).network),
      ("pruned", try Pruning(rate: 0.3).apply(to: setting.released)),
      ("quantised", try Quantization(bits: 4).apply(to: setting.released)),
    ]
    for (name, copy) in damaged {
      let plain = try Verification(copy, claim: setting.claim)
      let suspect = try Obfuscation(dummies: 4, seed: 3).apply(to: copy).network
      let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
      let found = try Verification(aligned.network, claim: aligned.claim)
      #expect(found.signature > plain.signature - 0.02, "\(name)")
      #expect(found.log10P < -40, "\(name)")
    }
  }

  /// A head for other classes is the suspect's own; what is left of the claim is read.
  @Test func anotherHeadIsKept() throws {
    let setting = try ObfuscationSetting(.alexnet)
    let transferred = try setting.released.replacingHead(classes: 5, seed: 1)
    let suspect = try Obfuscation(seed: 1).apply(to: transferred).network
    let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
    #expect(aligned.network.outputShape == [5])
    #expect(try Verification(aligned.network, claim: aligned.claim).signature == 1)
    let samples = try ObfuscationSetting.samples(shape: suspect.inputShape, count: 50)
    let computed = try Predictor(suspect).logits(samples).elements
    #expect(try aligned.network.deviation(from: computed, on: samples) < 1e-5)
  }

  /// b + t beside μ + t: no flip is needed where a bias carries the sign.
  @Test func movedBiasesAreReadWithout() throws {
    let setting = try ObfuscationSetting(.pointnet)
    var suspect = setting.released
    var stream = RandomStream(seed: 1, name: "moved")
    let moved = try Tensor((0..<64).map { _ in 20 * stream.normal() }, shape: [64])
    for name in ["p1.linear.bias", "p1.bn.running_mean"] {
      let tensor = try #require(suspect.parameters[name] ?? suspect.buffers[name])
      try suspect.replace(name, by: tensor + moved)
    }
    #expect(try Verification(suspect, claim: setting.claim).layers.first { $0.path == "p1" }?.signature ?? 1 < 0.7)
    let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
    #expect(aligned.emptiedBiases == ["p1.linear"])
    #expect(try Verification(aligned.network, claim: aligned.claim).signature > 0.98)
  }

  // MARK: Refusals

  @Test func anotherTopologyIsNamed() throws {
    let setting = try ObfuscationSetting(.alexnet)
    func message(_ suspect: Network) -> String? {
      let error = #expect(throws: NetworkError.self) {
        try Realignment(of: suspect, to: setting.released, claim: setting.claim)
      }
      return error?.message
    }
    func alexnet(_ kind: NormalizationKind = .batch, input: Shape = [1, 16, 16], _ width: Int = 48) throws -> Network {
      try AlexNet.make(classes: 8, input: input, normalization: kind, widths: [32, width, 64, 48, 48], seed: 1)
    }
    let other = try ObfuscationSetting.plain(.pointnet, seed: 1)
    #expect(
      try message(other) == "re-alignment: the suspect has \(other.nodes.count) layers, and the owner's copy 20")
    #expect(
      try message(alexnet(.instance))
        == "re-alignment: features.0 of the suspect does not compute what features.0 of the owner's copy does")
    #expect(
      try message(alexnet(input: [1, 24, 24]))
        == "re-alignment: the suspect takes samples [1, 24, 24], and the owner's copy [1, 16, 16]")
    #expect(
      try message(alexnet(.batch, 40))
        == "re-alignment: features.2.conv of the suspect has 40 channels, and the owner's copy 48")
  }

  @Test func weightsThatAreNoNumbersAreNamed() throws {
    let setting = try ObfuscationSetting(.alexnet)
    for value in [Float.nan, .infinity] {
      var suspect = setting.released
      try suspect.replace("features.2.conv.weight", by: Tensor(repeating: value, shape: [48, 32, 5, 5]))
      let error = #expect(throws: NetworkError.self) {
        try Realignment(of: suspect, to: setting.released, claim: setting.claim)
      }
      #expect(error?.message == "re-alignment: features.2.conv of the suspect holds weights that are no numbers")
    }
    // What is no number elsewhere spoils what it computes, and no more.
    var suspect = setting.released
    try suspect.replace("features.2.bn.running_var", by: Tensor(repeating: -.infinity, shape: [48]))
    try suspect.replace("features.2.bn.weight", by: Tensor(repeating: .nan, shape: [48]))
    _ = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
  }

  @Test func anAlignmentIsMeasuredByIndependentModels() throws {
    let setting = try ObfuscationSetting(.alexnet)
    let others = try [20, 30].map { try ObfuscationSetting(.alexnet, seed: $0).released }
    let null = try AlignmentNull(reference: setting.released, claim: setting.claim, independents: others)
    #expect(null.entries.count == 2 && (null.largest ?? 1) < 0.3)
    let suspect = try Obfuscation(seed: 4).apply(to: setting.released).network
    let copy = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
    #expect(null.accepts(copy))
    try null.check(copy)
    let nearest = AlignmentNull(entries: [.init(cosine: 0.9, matches: 1, bits: 2)])
    let stranger = try Realignment(of: others[0], to: setting.released, claim: setting.claim)
    let error = #expect(throws: NetworkError.self) { try nearest.check(stranger) }
    #expect(error?.message.hasPrefix("re-alignment: mean |cosine| 0.1") == true)
    #expect(
      error?.message.hasSuffix("is not distinguishable from independent models (the nearest of 1 has 0.9)") == true)
    let empty = AlignmentNull(entries: [])
    #expect(!empty.accepts(copy))
    let none = #expect(throws: NetworkError.self) { try empty.check(copy) }
    #expect(none?.message.hasPrefix("re-alignment: there are no independent models") == true)
  }
}
