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

extension [UInt8] {
  /// Two lower-case digits a byte.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Reads what `hexadecimal` writes; nil for anything else.
  public init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    func value(_ digit: UInt8) -> UInt8? {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    self = bytes
  }
}
