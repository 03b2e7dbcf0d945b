import CSodium

/// An owner's public name: an Ed25519 key (RFC 8032), with which everybody checks what the owner signed.
public struct Identity: Sendable, Hashable {
  /// 32 bytes.
  public let publicKey: [UInt8]

  /// - Throws: `KeyError` for anything but 32 bytes.
  public init(publicKey: [UInt8]) throws {
    guard publicKey.count == 32 else { throw KeyError("an identity has 32 bytes, and this one \(publicKey.count)") }
    self.publicKey = publicKey
  }

  public var hexadecimal: String { publicKey.hexadecimal }

  /// Whether these 64 bytes are the owner's signature of a message.
  public func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == 64 else { return false }
    return crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
  }
}

/// The secret half of an identity.
struct SigningKey: Sendable {
  let identity: Identity
  private let secretKey: [UInt8]

  /// - Parameter seed: 32 bytes.
  init(seed: [UInt8]) throws {
    try Sodium.start()
    var (publicKey, secretKey) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
    guard seed.count == 32, crypto_sign_seed_keypair(&publicKey, &secretKey, seed) == 0 else {
      throw KeyError("Ed25519 takes a seed of 32 bytes")
    }
    identity = try Identity(publicKey: publicKey)
    self.secretKey = secretKey
  }

  /// The 64 bytes of the signature of a message.
  func signature(of message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: 64)
    crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey)
    return signature
  }
}
