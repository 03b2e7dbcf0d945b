import Files
import Foundation
import Keys
import Networks
import Passports
import Tensors
import Testing

@testable import Ownership

/// What is laid down is found again to the bit, and nothing else.
@Suite struct CommitmentTests {
  private static let owner = Result { try BoundOwner(OwnerKey(practice: 1, statement: "Lab 26 claims it — büro")) }

  private func owner() throws -> BoundOwner { try Self.owner.get() }

  private func reason(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "nothing was thrown"
  }

  @Test func fileReadsBackAsItWasWritten() throws {
    let commitment = try owner().commitment
    let bytes = Array(try commitment.text().utf8)
    #expect(try Commitment(bytes: bytes, path: "c") == commitment)
    // Signing is deterministic, and so are training and hashes: the same owner writes the same file.
    #expect(try owner().commitment == commitment)
    #expect(try commitment.isSigned())
    let body = try commitment.bodyBytes()
    #expect(Checksum.sha256(of: body) == (try commitment.sha256()))
    #expect(bytes.starts(with: Array("{\"body\":".utf8) + body))
  }

  /// Weights of +1 and -1 that read as the signature without training: every number of this network is exact, so its
  /// commitment is the same on every machine, for every number of threads and every kernel.
  @Test func fixedVectorHoldsToTheBit() throws {
    let key = try OwnerKey(secret: Array(0..<32), statement: "Lab 26 claims AlexNet for CIFAR-10, 2026 – büro")
    var network = try Stage.input([3, 4, 4])
      .appending(ConvolutionLayer(channels: 96, kernel: 3), path: "features.4.conv")
      .appending(PassportNormalizationLayer(source: "features.4.conv"), path: "features.4")
      .network(named: "vector", seed: 1)
    let passport = try #require(Passport(key).issue(for: network).first)
    let patch = try #require([passport].patches(in: network)["features.4"]).scalePatch.elements
    let rows = passport.signature.signs.flatMap { sign in patch.map { $0 < 0 ? -sign : sign } }
    try network.replace("features.4.conv.weight", by: Tensor(rows, shape: [96, 3, 3, 3]))
    let commitment = try Commitment(to: network, by: key)
    #expect(commitment.identity.hexadecimal == "8fb9da6e0cb10ead62298a7a9dc6ca8beaff585f4d35971c3fc8680677f9449e")
    #expect(commitment.secretSHA256 == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd")
    #expect(commitment.modelSHA256 == "00d95bcb30193ef98d315c237ca312a71760417fec97d2ac657248e2d4037085")
    #expect(commitment.layers[0].privateSHA256 == "649e9dbf77a545a465f59fc4028ab813f77a3bdef3fe5e1a422e4bfb1de547fa")
    let hash = try commitment.sha256()
    #expect(hash == "0b09b990a6977f3cac236ece515e15ed2d5d1520108d656a28e29333fe719200")
  }

  @Test func holdsNoSecret() throws {
    let text = try owner().commitment.text()
    let claim = try owner().claim
    #expect(!text.contains(OwnerKey.practiceSecret(1)))
    for layer in claim.layers {
      let bits = layer.passport.signature.signs.map { $0 > 0 ? "1" : "0" }.joined()
      #expect(!text.contains(bits))
    }
  }

  @Test func namesWhatDeviates() throws {
    let owner = try owner()
    let commitment = try owner.commitment
    #expect(try commitment.deviation(of: owner.claim, key: owner.key) == nil)
    let others = [
      (try OwnerKey(practice: 2, statement: owner.key.statement), "another's"),
      (try OwnerKey(practice: 1, statement: "other"), "another statement"),
    ]
    for (key, words) in others {
      #expect(try commitment.deviation(of: owner.claim, key: key)?.contains(words) == true)
    }
    var claim = owner.claim
    claim.layers[1].block["fc.0.weight"] = try claim.layers[1].block["fc.0.weight"].map { try $0 * Tensor(2) }
    #expect(try commitment.deviation(of: claim, key: owner.key) == "norm2: FC block or statistics are not the committed ones")
    claim = owner.claim
    claim.layers.removeLast()
    #expect(try commitment.deviation(of: claim, key: owner.key)?.contains("2 layers") == true)
    claim = owner.claim
    claim.layers.swapAt(0, 1)
    #expect(try commitment.deviation(of: claim, key: owner.key)?.contains("not the committed one") == true)
  }

  @Test func refusesWhatIsNotInTheNetwork() throws {
    let owner = try owner()
    let stranger = try OwnerKey(practice: 3, statement: "mine")
    #expect(reason { _ = try Commitment(to: owner.network, by: stranger) }.contains("does not show this owner's signature"))
    #expect(throws: OwnershipError.self) {
      try Commitment(to: owner.network, by: owner.key, thresholds: Thresholds(signatureLog10: -19))
    }
    #expect(throws: OwnershipError.self) {
      try Commitment(to: owner.network, by: owner.key, thresholds: Thresholds(gap: 2))
    }
  }

  @Test func everyFlippedBitAndEveryCutIsRefused() throws {
    let bytes = Array(try owner().commitment.text().utf8)
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 1 << UInt8(position % 7)
      #expect(throws: FileError.self) { try Commitment(bytes: damaged, path: "c") }
      #expect(throws: FileError.self) { try Commitment(bytes: Array(bytes.prefix(position)), path: "c") }
    }
    #expect(throws: FileError.self) { try Commitment(bytes: bytes + [0x0A], path: "c") }
  }

  @Test func swappedSignaturesAreRefused() throws {
    let owner = try owner()
    var commitment = try owner.commitment
    let other = try Commitment(to: owner.network, by: owner.key, thresholds: Thresholds(gap: 0.5))
    commitment.signature = other.signature
    let bytes = Array(try commitment.text().utf8)
    #expect(reason { _ = try Commitment(bytes: bytes, path: "c") }.contains("not signed by the identity"))
  }

  @Test func mutationsNeverTrap() throws {
    let count = Int(ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"] ?? "") ?? 1000
    let original = Array(try owner().commitment.text().utf8)
    for _ in 0..<count {
      var bytes = original
      for _ in 0..<Int.random(in: 1...5) {
        let position = Int.random(in: 0..<bytes.count)
        switch Int.random(in: 0..<4) {
        case 0: bytes[position] = .random(in: 32...126)
        case 1: bytes.remove(at: position)
        case 2: bytes.insert(.random(in: 32...126), at: position)
        default: bytes.swapAt(position, Int.random(in: 0..<bytes.count))
        }
      }
      guard bytes != original else { continue }
      #expect(throws: FileError.self) { try Commitment(bytes: bytes, path: "c") }
    }
  }
}

extension OwnerKey {
  /// The secret of a practice key, in hexadecimal.
  static func practiceSecret(_ seed: UInt8) -> String {
    HKDF.extract(salt: Array("passbook/practice/v1".utf8), keyMaterial: [seed, 0, 0, 0, 0, 0, 0, 0]).hexadecimal
  }
}
