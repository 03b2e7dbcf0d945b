import Files
import Foundation
import Networks
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// DeepIPR's flip attack, and how far forged passports are from true ones.
@Suite struct ScaleFlipTests {
  private let setting: ForgerySetting

  init() throws { setting = try ForgerySetting() }

  @Test func withoutFlipsItIsThePassportAwareBranch() throws {
    let flipped = try ScaleFlip(rate: 0, seed: 1).apply(to: setting.suspect, claim: setting.claim)
    #expect(!flipped.network.carriesPassports)
    let expected = try Predictor(setting.network, passports: setting.claim.passports).logits(setting.samples).elements
    let found = try Predictor(flipped.network).logits(setting.samples).elements
    #expect(zip(expected, found).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(found.contains { abs($0) > 0.01 })
  }

  @Test(arguments: [(0, 80), (0.1, 72), (0.5, 40), (1, 0)])
  func asManyBitsAreLostAsSignsAreFlipped(rate: Double, matches: Int) throws {
    var claim = setting.claim
    let readings = try setting.network.readings(claim.passports)
    for index in claim.layers.indices {
      let reading = try #require(readings[claim.layers[index].passport.path]).scale
      claim.layers[index].passport.signature = Signature(signs: reading.elements.map { $0 > 0 ? 1 : -1 })
    }
    let flipped = try ScaleFlip(rate: rate, seed: 1).apply(to: setting.suspect, claim: claim)
    #expect(flipped.bits.matches == matches && flipped.bits.bits == 80)
  }

  @Test func anotherArchitectureIsRefused() throws {
    let other = try AlexNet.make(classes: 4, input: [3, 16, 16], widths: [16, 16, 32, 16, 16], seed: 1)
    for (rate, suspect) in [(0.1, other), (2, setting.suspect)] {
      #expect(throws: NetworkError.self) { try ScaleFlip(rate: rate, seed: 1).apply(to: suspect, claim: setting.claim) }
    }
  }

  @Test func distancesByHand() throws {
    func passport(_ scale: [Float], _ shift: [Float]) throws -> IssuedPassport {
      IssuedPassport(
        path: "norm1", source: "conv1", scale: try Tensor(scale, shape: [1, 2]),
        shift: try Tensor(shift, shape: [1, 2]), signature: Signature(signs: [1]))
    }
    let distance = try PassportDistance(from: [passport([1, 0], [3, 4])], to: [passport([0, 2], [6, 8])])
    #expect(distance.tensors == 2)
    #expect(distance.squaredError == 2.5 + 12.5)
    #expect(abs(distance.nearness - (1 / 2.5 + 1 / 12.5)) < 1e-12)
    #expect(abs(distance.cosine - 1) < 1e-12 && abs(distance.meanCosine - 0.5) < 1e-12)
  }

  /// The released flip of DeepIPR's own network: one group normalisation for both branches and no FC block, so that
  /// what it needs of the passport-aware branch is its passports.
  @Test func asReleased() throws {
    let path = try #require(
      Bundle.module.path(
        forResource: "flip_alexnet_narrow_baseline_gn", ofType: "safetensors", inDirectory: "Golden"))
    let golden = try Safetensors.File(path: path)
    // The network's state is kept once, where the training steps are tested.
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let start = try Safetensors.File(
      path: tests.path + "/PassportsTests/Golden/alexnet_narrow_baseline_gn.safetensors")
    var network = try AlexNet.make(classes: 10, normalization: .group, widths: [16, 32, 48, 32, 32], seed: 1)
    for name in network.parameterNames {
      let official = name.replacing(".bn.weight", with: ".scale").replacing(".bn.bias", with: ".bias")
      network.parameters[name] = try Tensor(named: "in.state." + official, in: start)
    }
    let layers = try ["0", "2", "4", "5", "6"].map { number in
      let (path, prefix) = ("features.\(number)", "in.state.features.\(number).")
      let node = try #require(network.node(at: path))
      let passport = IssuedPassport(
        path: path, source: try #require(network.source(of: node)).path,
        scale: try Tensor(named: prefix + "skey_private", in: start),
        shift: try Tensor(named: prefix + "key_private", in: start),
        signature: Signature(signs: try start.floats(prefix + "b")))
      return Claim.Layer(
        passport: passport, normalization: .group, form: .deepIPR, block: [:], statistics: [:])
    }
    let claim = Claim(layers: layers, triggerHash: nil)
    let order = try golden.integers("in.perm").map { Int($0) }
    let data = try Tensor(named: "in.step1.data", in: start)
    let samples = try TensorSamples(data, labels: Array(repeating: 0, count: data.shape[0]))
    func deviation(_ name: String, _ found: Tensor?) throws -> Float {
      let expected = try golden.floats(name)
      let found = try #require(found).elements
      try #require(expected.count == found.count)
      return zip(expected, found).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    for percent in [0, 10, 50, 100] {
      let prefix = "out.flip\(percent)."
      let flipped = try ScaleFlip(rate: Double(percent) / 100, seed: 0).apply(to: network, claim: claim, order: order)
      for layer in layers {
        let path = layer.passport.path
        let number = path.dropFirst("features.".count)
        #expect(try deviation("\(prefix)gamma.\(number)", flipped.network.parameters[path + ".bn.weight"]) < 1e-6)
        #expect(try deviation("\(prefix)beta.\(number)", flipped.network.parameters[path + ".bn.bias"]) < 1e-6)
      }
      #expect(try deviation(prefix + "eval0.logits", Predictor(flipped.network).logits(samples)) < 2e-5, "\(percent) %")
      let shares = try golden.floats(prefix + "sign_agreement_with_b")
      let matches = zip(shares, layers).reduce(Float(0)) { $0 + $1.0 * Float($1.1.passport.signature.signs.count) }
      #expect(flipped.bits.matches == Int(matches.rounded()))
    }
  }
}
