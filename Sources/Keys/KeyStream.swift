import CSodium

/// The key stream of ChaCha20 (RFC 8439) as numbers: the same on every machine, since nothing is rounded.
enum KeyStream {
  /// Uniform values in [-1, 1), (u >> 8) · 2⁻²³ - 1 for each 32-bit little-endian word u of the stream with zero nonce.
  ///
  /// - Parameter key: 32 bytes.
  static func signedUniform(key: [UInt8], count: Int) throws -> [Float] {
    try Sodium.start()
    let nonce = [UInt8](repeating: 0, count: 12)
    var bytes = [UInt8](repeating: 0, count: count * 4)
    guard key.count == 32, crypto_stream_chacha20_ietf(&bytes, UInt64(bytes.count), nonce, key) == 0 else {
      throw KeyError("ChaCha20 takes a key of 32 bytes")
    }
    defer { Sodium.wipe(&bytes) }
    return (0..<count).map { index in
      let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index * 4 + $1]) << (8 * UInt32($1)) }
      return Float(word >> 8) * 0x1p-23 - 1
    }
  }
}
