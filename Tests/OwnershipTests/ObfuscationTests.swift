import Networks
import Ownership
import Passports
import Tensors
import Testing
import Training

@testable import Attacks

/// Obfuscation leaves what a network computes, and nothing of its signature.
@Suite struct ObfuscationTests {
  typealias Architecture = ObfuscationSetting.Architecture

  static func options(_ name: String, seed: UInt64 = 5) -> Obfuscation {
    var options = Obfuscation(signFlips: false, permutation: false, scaling: false, seed: seed)
    let all = name == "all"
    options.signFlips = all || name == "flips"
    options.permutation = all || name == "permutation"
    options.scaling = all || name == "scaling"
    options.folding = all || name == "folding"
    options.dummies = all || name == "dummies" ? 5 : 0
    return options
  }

  static let names = ["flips", "permutation", "scaling", "folding", "dummies", "all"]

  @Test(arguments: Architecture.allCases) func logitsStayTheSame(architecture: Architecture) throws {
    let setting = try ObfuscationSetting(architecture)
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape)
    for name in Self.names {
      let outcome = try Self.options(name).apply(to: setting.released)
      let deviation = try outcome.network.deviation(from: setting.released, on: samples)
      #expect(deviation < 1e-5, "\(name)")
      #expect(outcome.network.parameters.mapValues(\.elements) != setting.released.parameters.mapValues(\.elements))
      if name == "dummies" || name == "all" { continue }
      let found = try Verification(outcome.network, claim: setting.claim)
      print(architecture, name, deviation, found.signature, found.matches, found.bits, outcome.skipped)
    }
  }
}
