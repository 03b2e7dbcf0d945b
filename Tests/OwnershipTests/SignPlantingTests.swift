import Keys
import Networks
import Passports
import Testing
import Training

@testable import Attacks
@testable import Ownership

/// Anybody's bits in anybody's network, for nothing.
@Suite struct SignPlantingTests {
  @Test(arguments: ObfuscationSetting.Architecture.allCases) func allBitsStandAndNothingIsComputedOtherwise(
    architecture: ObfuscationSetting.Architecture
  ) throws {
    let innocent = try ObfuscationSetting(architecture).released
    let thief = try Passport(OwnerKey(practice: 66, statement: "all mine"))
    let planted = try SignPlanting(thief).apply(to: innocent)
    let samples = try ObfuscationSetting.samples(shape: innocent.inputShape, count: 200)
    let own = try Predictor(innocent).logits(samples).elements
    #expect(try planted.network.deviation(from: own, on: samples) < 1e-6)
    let carrier = try planted.network.protecting(.all, seed: 1)
    let claim = try Claim(of: carrier, passports: thief.issue(for: carrier), triggerHash: nil)
    let found = try Verification(planted.network, claim: claim)
    // PointNet's logits have no normalisation that would take a sign back, and others' order is of no matter.
    let lost = planted.skipped.isEmpty ? 0 : ObfuscationSetting.classes
    #expect(found.matches >= found.bits - lost, "\(found.matches) of \(found.bits), \(planted.skipped)")
    #expect(try Verification(innocent, claim: claim).signature < 0.62)
  }

  @Test func normalisationsWithinSamplesTakeNoSignBack() throws {
    let innocent = try ObfuscationSetting(.alexnet, normalization: .layer).released
    let error = #expect(throws: NetworkError.self) {
      try SignPlanting(Passport(seed: 1)).apply(to: innocent)
    }
    #expect(error?.message == "plant: not one row can be negated without changing what it computes")
  }
}
