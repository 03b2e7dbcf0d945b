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
    let setting = try ObfuscationSetting(architecture)
    let samples = try ObfuscationSetting.samples(shape: setting.released.inputShape, count: 100)
    let owners = try Verification(setting.released, claim: setting.claim)
    let branch = try setting.released.attaching(setting.claim)
    for name in ObfuscationTests.names {
      let suspect = try ObfuscationTests.options(name).apply(to: setting.released).network
      let aligned = try Realignment(of: suspect, to: setting.released, claim: setting.claim)
      let found = try Verification(aligned.network, claim: aligned.claim)
      let deviation = try aligned.network.deviation(from: suspect, on: samples)
      let aware = try aligned.network.attaching(aligned.claim)
        .deviation(from: branch, on: samples, passports: setting.claim.passports)
      print(architecture, name, owners.matches, found.matches, found.bits, aligned.cosine, deviation, aware, aligned.emptiedBiases, aligned.leftOver)
      print(aligned.layers.map { "\($0.path) \($0.matched)/\($0.channels) \($0.cosine)" })
    }
  }

  @Test(arguments: Architecture.allCases) func strangers(architecture: Architecture) throws {
    let setting = try ObfuscationSetting(architecture)
    let others = try (0..<8).map { try ObfuscationSetting(architecture, seed: 100 + 10 * UInt64($0)).released }
    let null = try AlignmentNull(reference: setting.released, claim: setting.claim, independents: others)
    print(architecture, null.largest!, null.mean!, null.signature!, null.entries)
    for keeps in [true] {
      for other in others {
        let aligned = try Realignment(of: other, to: setting.released, claim: setting.claim, keepsPatches: keeps)
        let found = try Verification(aligned.network, claim: aligned.claim)
        print("naive", aligned.cosine, found.signature, found.log10P)
      }
    }
  }
}
