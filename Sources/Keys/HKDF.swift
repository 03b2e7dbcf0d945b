import CSodium

/// HMAC-SHA256 (RFC 2104) by libsodium.
public enum HMAC {
  /// The 32 bytes of the authentication code; a key of any length.
  public static func sha256(key: [UInt8], _ parts: [UInt8]...) -> [UInt8] {
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    for part in parts { crypto_auth_hmacsha256_update(&state, part, UInt64(part.count)) }
    var code = [UInt8](repeating: 0, count: 32)
    crypto_auth_hmacsha256_final(&state, &code)
    return code
  }
}

/// HKDF-SHA256 (RFC 5869), composed from libsodium's HMAC: Debian 12's release has no HKDF of its own.
///
///     PRK = HMAC(salt, ikm)
///     T(i) = HMAC(PRK, T(i-1) ‖ info ‖ i),  OKM = T(1) ‖ T(2) ‖ …
public enum HKDF {
  /// The most bytes that one expansion gives.
  public static let mostBytes = 255 * 32

  /// The pseudorandom key of 32 bytes.
  public static func extract(salt: [UInt8], keyMaterial: [UInt8]) -> [UInt8] {
    // An absent salt is 32 zeros (section 2.2).
    HMAC.sha256(key: salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt, keyMaterial)
  }

  /// `count` bytes for one purpose.
  ///
  /// - Throws: `KeyError` for more than 8,160 bytes.
  public static func expand(_ key: [UInt8], info: [UInt8], count: Int) throws -> [UInt8] {
    guard 0...mostBytes ~= count else {
      throw KeyError("a derivation gives at most \(mostBytes) bytes, and \(count) are asked for")
    }
    var output: [UInt8] = []
    var block: [UInt8] = []
    var counter: UInt8 = 0
    while output.count < count {
      counter += 1
      block = HMAC.sha256(key: key, block, info, [counter])
      output += block
    }
    return Array(output.prefix(count))
  }

  /// The same with a text as purpose.
  public static func expand(_ key: [UInt8], info: String, count: Int) throws -> [UInt8] {
    try expand(key, info: Array(info.utf8), count: count)
  }
}
