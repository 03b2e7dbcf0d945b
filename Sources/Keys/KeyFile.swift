import CSodium
import Files
import Glibc

/// A secret and its statement, sealed by a pass phrase in one small file.
///
///     "passbook/key/v1\n"                16 bytes
///     operations, memory in bytes         8 + 8, of Argon2id, little-endian
///     salt 16, nonce 24
///     secretbox                           XSalsa20-Poly1305 of: secret 32, length 8, statement
///     SHA-256                             32, of everything before it
///
/// The checksum tells a damaged file from a wrong pass phrase; what protects the secret is the box.
public enum KeyFile {
  static let magic = AtomicFile.sealedStart + Array("v1\n".utf8)
  private static let headerCount = 16 + 16 + 16 + 24
  private static let largest = headerCount + 16 + 32 + 8 + OwnerKey.longestStatement + 32

  /// What Argon2id spends on a pass phrase; libsodium's "moderate" takes 256 MiB and most of a second.
  public struct Cost: Sendable, Equatable {
    public var operations: UInt64
    /// Bytes.
    public var memory: UInt64

    public init(operations: UInt64, memory: UInt64) {
      self.operations = operations
      self.memory = memory
    }

    public static let standard = Cost(operations: 3, memory: 256 << 20)
    /// More than this is refused: a file must not take the machine.
    static let most = Cost(operations: 16, memory: 1 << 30)
    static let least = Cost(operations: 1, memory: 8 << 10)
  }

  /// The reason of the error for another pass phrase, which can be asked for again.
  public static let wrongPassphrase = "the pass phrase does not open this key"

  /// Writes a key, readable by its owner alone.
  ///
  /// - Throws: `FileError` where something stands at the path already: a key is never overwritten.
  public static func save(
    _ key: OwnerKey, to path: String, passphrase: [UInt8], cost: Cost = .standard
  ) throws {
    guard !FileReader.isThere(path) else {
      throw FileError(path: path, reason: "there is a file already, and a key is never overwritten; name another")
    }
    try check(passphrase)
    try AtomicFile.write(seal(key, passphrase, cost), to: path, permissions: 0o600)
  }

  /// Reads a key.
  ///
  /// - Throws: `FileError` that names what is wrong: no key file, open to others, damaged, or another pass phrase.
  public static func open(_ path: String, passphrase: [UInt8]) throws -> OwnerKey {
    let bytes = try contents(of: path)
    try check(passphrase)
    return try unseal(bytes, passphrase, path: path)
  }

  /// Whether a file could be a key: what can be said without its pass phrase.
  public static func check(_ path: String) throws { _ = try contents(of: path) }

  private static func contents(of path: String) throws -> [UInt8] {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw FileError(path: path, reason: "this is no file; expected a key that keypair(...) wrote")
      }
      guard status.st_mode & 0o077 == 0 else {
        throw FileError(path: path, reason: "others may read this key; take that away first: chmod 600 \(path)")
      }
    }
    let bytes = try FileReader.contents(of: path, limit: largest, beyond: noKey(path))
    try checkFrame(bytes, path: path)
    return bytes
  }

  static func checkFrame(_ bytes: [UInt8], path: String) throws {
    guard bytes.starts(with: magic) else { throw noKey(path) }
    guard (headerCount + 16 + 32 + 8 + 32...largest).contains(bytes.count) else { throw damaged(path) }
    guard Checksum.digest(of: bytes.dropLast(32)) == bytes.suffix(32) else { throw damaged(path) }
  }

  private static func noKey(_ path: String) -> FileError {
    FileError(path: path, reason: "this is no key; expected a file that keypair(...) wrote")
  }

  private static func damaged(_ path: String) -> FileError {
    FileError(path: path, reason: "this key is damaged: its checksum does not fit; take it from a copy")
  }

  private static func check(_ passphrase: [UInt8]) throws {
    guard !passphrase.isEmpty else { throw KeyError("a pass phrase is not empty") }
  }

  // MARK: Sealing

  static func seal(_ key: OwnerKey, _ passphrase: [UInt8], _ cost: Cost) throws -> [UInt8] {
    let (salt, nonce) = (try Sodium.random(16), try Sodium.random(24))
    let statement = Array(key.statement.utf8)
    var plain = key.secret + statement.count.littleEndianBytes + statement
    var boxKey = try derive(passphrase, salt, cost)
    defer {
      Sodium.wipe(&plain)
      Sodium.wipe(&boxKey)
    }
    var box = [UInt8](repeating: 0, count: plain.count + 16)
    guard crypto_secretbox_easy(&box, plain, UInt64(plain.count), nonce, boxKey) == 0 else {
      throw KeyError("the key cannot be sealed")
    }
    let file =
      magic + cost.operations.littleEndianBytes + cost.memory.littleEndianBytes + salt + nonce + box
    return file + Checksum.digest(of: file)
  }

  /// Opens the bytes of a file whose frame is whole.
  static func unseal(_ bytes: [UInt8], _ passphrase: [UInt8], path: String) throws -> OwnerKey {
    try checkFrame(bytes, path: path)
    let cost = Cost(
      operations: UInt64(littleEndianBytes: bytes[16..<24]), memory: UInt64(littleEndianBytes: bytes[24..<32]))
    guard (Cost.least.operations...Cost.most.operations).contains(cost.operations),
      (Cost.least.memory...Cost.most.memory).contains(cost.memory), cost.memory.isMultiple(of: 1024)
    else {
      throw FileError(
        path: path, reason: "the key asks for \(cost.memory >> 20) MiB in \(cost.operations) rounds of Argon2id; at most "
          + "\(Cost.most.memory >> 20) MiB in \(Cost.most.operations) are accepted, in whole KiB")
    }
    let (salt, nonce, box) = (Array(bytes[32..<48]), Array(bytes[48..<72]), Array(bytes[72...].dropLast(32)))
    var boxKey = try derive(passphrase, salt, cost)
    var plain = [UInt8](repeating: 0, count: box.count - 16)
    defer {
      Sodium.wipe(&plain)
      Sodium.wipe(&boxKey)
    }
    guard crypto_secretbox_open_easy(&plain, box, UInt64(box.count), nonce, boxKey) == 0 else {
      throw FileError(path: path, reason: wrongPassphrase)
    }
    let length = UInt64(littleEndianBytes: plain[32..<40])
    guard UInt64(plain.count - 40) == length, let statement = String(validating: plain[40...], as: UTF8.self) else {
      throw damaged(path)
    }
    return try OwnerKey(secret: Array(plain[..<32]), statement: statement)
  }

  private static func derive(_ passphrase: [UInt8], _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
    try Sodium.start()
    var key = [UInt8](repeating: 0, count: 32)
    var phrase = passphrase.map { CChar(bitPattern: $0) }
    let result = crypto_pwhash(
      &key, 32, phrase, UInt64(phrase.count), salt, cost.operations, Int(cost.memory), crypto_pwhash_ALG_ARGON2ID13)
    sodium_memzero(&phrase, phrase.count)
    guard result == 0 else {
      throw KeyError("there is not enough memory for the pass phrase: \(cost.memory >> 20) MiB are needed")
    }
    return key
  }
}
