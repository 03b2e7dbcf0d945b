import CSodium

/// SHA-256 (FIPS 180-4) by libsodium, printed as 64 lower-case hexadecimal digits.
public enum Checksum {
  /// A digest that is fed piece by piece.
  public struct SHA256 {
    private var state = crypto_hash_sha256_state()

    public init() { crypto_hash_sha256_init(&state) }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      crypto_hash_sha256_update(&state, start, UInt64(bytes.count))
    }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// The 32 bytes of the digest of what was fed so far; more may follow.
    public var digest: [UInt8] {
      var copy = state
      var digest = [UInt8](repeating: 0, count: 32)
      crypto_hash_sha256_final(&copy, &digest)
      return digest
    }

    /// The digest in hexadecimal.
    public var hexadecimal: String { digest.hexadecimal }
  }

  /// The 32 bytes of the digest of bytes in memory.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest
  }

  /// The digest of bytes in memory.
  public static func sha256(of bytes: [UInt8]) -> String { digest(of: bytes).hexadecimal }

  /// The digest of a file, read a megabyte at a time; throws `FileError` where it cannot be read.
  public static func sha256(contentsOf path: String) throws -> String {
    var hash = SHA256()
    try FileReader(path: path).forEachChunk { hash.update($0) }
    return hash.hexadecimal
  }
}
