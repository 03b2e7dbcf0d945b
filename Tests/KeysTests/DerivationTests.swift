import Files
import Foundation
import Testing

@testable import Keys

/// The derivations against the RFCs' vectors, and the whole of them against another implementation.
@Suite struct DerivationTests {
  @Test func hmacGivesTheVectorsOfRFC4231() {
    #expect(
      HMAC.sha256(key: [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8)).hexadecimal
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      HMAC.sha256(key: [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - ".utf8),
        Array("Hash Key First".utf8)).hexadecimal
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test func hkdfGivesTheVectorsOfRFC5869() throws {
    let first = HKDF.extract(salt: Array(0...12), keyMaterial: [UInt8](repeating: 0x0b, count: 22))
    #expect(first.hexadecimal == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    #expect(
      try HKDF.expand(first, info: Array(0xf0...0xf9), count: 42).hexadecimal
        == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    let second = HKDF.extract(salt: Array(0x60...0xaf), keyMaterial: Array(0x00...0x4f))
    #expect(
      try HKDF.expand(second, info: Array(0xb0...0xff), count: 82).hexadecimal
        == "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8"
        + "367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")
    let third = HKDF.extract(salt: [], keyMaterial: [UInt8](repeating: 0x0b, count: 22))
    #expect(
      try HKDF.expand(third, info: [], count: 42).hexadecimal
        == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    #expect(throws: KeyError.self) { try HKDF.expand(third, info: [], count: HKDF.mostBytes + 1) }
    #expect(try HKDF.expand(third, info: [], count: HKDF.mostBytes).count == 8160)
  }

  /// RFC 8439, appendix A.1, vector 1: the words 0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653.
  @Test func keyStreamIsChaCha20s() throws {
    let words: [UInt32] = [0xade0_b876, 0x903d_f1a0, 0xe56a_5d40, 0x28bd_8653]
    let values = try KeyStream.signedUniform(key: [UInt8](repeating: 0, count: 32), count: 4)
    #expect(values == words.map { Float(Double($0 >> 8) / 8_388_608 - 1) })
    #expect(throws: KeyError.self) { try KeyStream.signedUniform(key: [1], count: 4) }
  }

  /// RFC 8032, section 7.1, tests 1 and 2.
  @Test func identitySignsAsRFC8032() throws {
    let first = try SigningKey(
      seed: #require([UInt8](hexadecimal: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")))
    #expect(first.identity.hexadecimal == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    #expect(
      first.signature(of: []).hexadecimal
        == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
        + "55141438e7a100b")
    #expect(throws: KeyError.self) { try SigningKey(seed: [0]) }
    #expect(throws: KeyError.self) { try Identity(publicKey: [0]) }
  }

  struct Vector: Decodable {
    var secret, statement, identity, secret_hash, path, signed, signature_of_signed, practice_7: String
    var signature, scale, shift: [Float]
  }

  @Test func publishedVectorHoldsToTheBit() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/vector", withExtension: "json"))
    let vector = try JSONDecoder().decode(Vector.self, from: Data(contentsOf: file))
    let key = try OwnerKey(secret: #require([UInt8](hexadecimal: vector.secret)), statement: vector.statement)
    #expect(key.identity.hexadecimal == vector.identity)
    #expect(key.secretHash.hexadecimal == vector.secret_hash)
    #expect(try key.signs(path: vector.path, count: vector.signature.count) == vector.signature)
    #expect(try key.passport(.scale, path: vector.path, count: vector.scale.count) == vector.scale)
    #expect(try key.passport(.shift, path: vector.path, count: vector.shift.count) == vector.shift)
    #expect(key.signature(of: Array(vector.signed.utf8)).hexadecimal == vector.signature_of_signed)
    #expect(try OwnerKey(practice: 7, statement: "x").secret.hexadecimal == vector.practice_7)
  }

  @Test func statementAndSecretDecideEverythingButTheIdentity() throws {
    let secret = [UInt8](repeating: 3, count: 32)
    let (one, other) = (try OwnerKey(secret: secret, statement: "a"), try OwnerKey(secret: secret, statement: "b"))
    #expect(one.identity == other.identity)
    #expect(try one.signs(path: "l", count: 256) != other.signs(path: "l", count: 256))
    #expect(try one.passport(.scale, path: "l", count: 8) != other.passport(.scale, path: "l", count: 8))
    #expect(try one.passport(.scale, path: "l", count: 8) != one.passport(.shift, path: "l", count: 8))
    #expect(try one.signs(path: "l", count: 256) != one.signs(path: "m", count: 256))
    // A shorter passport is the beginning of a longer one, and values lie in [-1, 1).
    let long = try one.passport(.scale, path: "l", count: 10_000)
    #expect(Array(long.prefix(8)) == (try one.passport(.scale, path: "l", count: 8)))
    #expect(long.allSatisfy { $0 >= -1 && $0 < 1 })
  }

  @Test func signaturesOfOthersAndOfOtherMessagesAreRefused() throws {
    let (one, other) = (try OwnerKey(practice: 1, statement: "a"), try OwnerKey(practice: 2, statement: "a"))
    var signature = one.signature(of: [1, 2, 3])
    #expect(one.identity.isSignature(signature, of: [1, 2, 3]))
    #expect(!one.identity.isSignature(signature, of: [1, 2]))
    #expect(!other.identity.isSignature(signature, of: [1, 2, 3]))
    #expect(!one.identity.isSignature([1], of: [1, 2, 3]))
    signature[10] ^= 1
    #expect(!one.identity.isSignature(signature, of: [1, 2, 3]))
  }

  @Test(arguments: ["", String(repeating: "a", count: 4097), "two\nlines", "bell\u{7}"])
  func badStatementsAreRefused(_ statement: String) {
    #expect(throws: KeyError.self) { try OwnerKey(practice: 1, statement: statement) }
  }

  @Test func nothingPrintsASecret() throws {
    let key = try OwnerKey(secret: Array(0..<32), statement: "mine")
    let shown = "\(key) \(String(reflecting: key)) \(Mirror(reflecting: key).children.map { "\($0)" })"
    var dumped = ""
    dump(key, to: &dumped)
    for text in [shown, dumped] {
      #expect(!text.contains("000102") && !text.contains("0, 1, 2") && !text.contains("secret"))
    }
  }
}
