import CSodium
import Files

/// An owner's one secret of 32 bytes with the statement that it is bound to: who claims what, fixed before training.
///
/// Passports and signature bits are derived from both, so that nobody chooses them after the fact; whoever forges has to
/// find a secret whose bits happen to be in the weights. Derivations are of whole numbers: the same on every machine.
///
///     identity   Ed25519 seed = Expand(Extract("passbook/identity/v1", s), "ed25519", 32)  →  pk
///     PRK        Extract(SHA256(len(pk) ‖ pk ‖ len(statement) ‖ statement), s)              len: 8 bytes, little-endian
///     passport   ChaCha20 with Expand(PRK, "passport/scale/" ‖ path, 32), or "passport/shift/"
///     signature  Expand(PRK, "signature/" ‖ path, ⌈C/8⌉), most significant bit first; 0 is -1
public final class OwnerKey: Sendable {
  /// The longest statement, in bytes of UTF-8.
  public static let longestStatement = 4096

  /// Who claims what.
  public let statement: String
  public let identity: Identity
  /// Whether the secret comes from a number that anybody can try: for lessons and experiments, and worth nothing else.
  public let isPractice: Bool
  let secret: [UInt8]
  private let derivationKey: [UInt8]
  private let signingKey: SigningKey

  /// A key from a secret that is known.
  ///
  /// - Parameters:
  ///   - secret: 32 bytes.
  ///   - statement: Not empty, at most 4,096 bytes of UTF-8, on one line.
  public init(secret: [UInt8], statement: String, isPractice: Bool = false) throws {
    guard secret.count == 32 else { throw KeyError("a secret has 32 bytes") }
    try Self.check(statement)
    let text = Array(statement.utf8)
    let seed = try HKDF.expand(
      HKDF.extract(salt: Array("passbook/identity/v1".utf8), keyMaterial: secret), info: "ed25519", count: 32)
    signingKey = try SigningKey(seed: seed)
    identity = signingKey.identity
    var salt = Checksum.SHA256()
    for part in [identity.publicKey, text] {
      salt.update(part.count.littleEndianBytes)
      salt.update(part)
    }
    derivationKey = HKDF.extract(salt: salt.digest, keyMaterial: secret)
    self.secret = secret
    self.statement = statement
    self.isPractice = isPractice
  }

  /// A key with a secret of the system's own random bytes.
  public convenience init(newFor statement: String) throws {
    try self.init(secret: Sodium.random(32), statement: statement)
  }

  /// A key for lessons and experiments, whose secret is no secret.
  public convenience init(practice seed: UInt64, statement: String) throws {
    let secret = HKDF.extract(
      salt: Array("passbook/practice/v1".utf8), keyMaterial: Int(truncatingIfNeeded: seed).littleEndianBytes)
    try self.init(secret: secret, statement: statement, isPractice: true)
  }

  private static func check(_ statement: String) throws {
    guard !statement.isEmpty, statement.utf8.count <= longestStatement else {
      throw KeyError(
        "a statement has 1 to \(longestStatement) bytes, and this one \(statement.utf8.count)",
        help: "say who claims what: \"Lab 26, AlexNet for CIFAR-10, 2026\"")
    }
    guard !statement.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
      throw KeyError("a statement is one line of text, without control characters")
    }
  }

  /// Values of a passport, uniform in [-1, 1).
  public func passport(_ role: PassportRole, path: String, count: Int) throws -> [Float] {
    let key = try HKDF.expand(derivationKey, info: "passport/\(role.rawValue)/" + path, count: 32)
    return try KeyStream.signedUniform(key: key, count: count)
  }

  /// Which passport of a layer.
  public enum PassportRole: String, Sendable { case scale, shift }

  /// The signature of a layer: -1 or +1 per channel.
  public func signs(path: String, count: Int) throws -> [Float] {
    let bytes = try HKDF.expand(derivationKey, info: "signature/" + path, count: (count + 7) / 8)
    return (0..<count).map { bytes[$0 / 8] >> (7 - UInt8($0 % 8)) & 1 == 1 ? 1 : -1 }
  }

  /// SHA-256 of the secret, which a commitment publishes.
  public var secretHash: [UInt8] { Checksum.digest(of: secret) }

  /// Ed25519 signature of a message.
  public func signature(of message: [UInt8]) -> [UInt8] { signingKey.signature(of: message) }
}

// Whatever prints values must not print this one.
extension OwnerKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "owner \(identity.hexadecimal.prefix(16))…" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
