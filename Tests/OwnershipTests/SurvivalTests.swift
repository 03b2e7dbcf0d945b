import Networks
import Ownership
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

@Suite struct SurvivalTests {
  @Test func aRowIsWhatVerificationFinds() throws {
    let (network, claim) = try Stolen.released()
    let (data, triggers) = (try Stolen.images(24, seed: 31), try Stolen.triggers())
    let owner = Examination(claim: claim, data: data, triggers: triggers)
    for attacked in [network, try Pruning(rate: 0.6).apply(to: network), try Quantization(bits: 2).apply(to: network)] {
      let found = try owner.survival(in: attacked)
      let verification = try Verification(attacked, claim: claim, data: data, triggers: triggers)
      #expect(found.free == verification.free)
      #expect(found.aware == verification.aware)
      #expect(found.signature == verification.signature)
      #expect(found.log10P == verification.log10P)
      #expect(found.trigger == verification.trigger)
      #expect(found.goneBits == 0)
    }
  }

  @Test func strangeTriggersAreRefused() throws {
    let (network, claim) = try Stolen.released()
    let owner = Examination(claim: claim, triggers: try Stolen.triggers(5))
    let error = #expect(throws: TrainingError.self) { try owner.survival(in: network) }
    #expect(error?.message.hasPrefix("the triggers are not those of the claim") == true)
  }

  @Test func layersOfAnotherSizeAreGone() throws {
    let (_, claim) = try Stolen.released()
    let other = try Stage.input([1, 8, 8])
      .appending(ConvolutionLayer(channels: 8, kernel: 3, stride: 2), path: "conv1")
      .appending(NormalizationLayer(), path: "norm1").appending(ReluLayer())
      .appending(ConvolutionLayer(channels: 32, kernel: 3), path: "conv2")
      .appending(NormalizationLayer(), path: "norm2").appending(FlattenLayer()).appending(DenseLayer(width: 4))
      .network(named: "wider", seed: 1)
    let (part, gone) = claim.part(in: other)
    #expect(part.layers.map(\.passport.path) == ["norm1"])
    #expect(gone == 16)
    #expect(part.triggerHash == claim.triggerHash)
  }
}
