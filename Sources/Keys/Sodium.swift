import CSodium

/// libsodium, made ready: every primitive of this room goes through it.
enum Sodium {
  /// False where the system gives no random bytes or no memory for them.
  private static let isReady = sodium_init() >= 0

  static func start() throws {
    guard isReady else { throw KeyError("libsodium cannot be started: the system gives no random numbers") }
  }

  /// Random bytes of the system's own generator.
  static func random(_ count: Int) throws -> [UInt8] {
    try start()
    var bytes = [UInt8](repeating: 0, count: count)
    randombytes_buf(&bytes, count)
    return bytes
  }

  /// Overwrites bytes in a way that no optimiser leaves out.
  static func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { sodium_memzero(start, $0.count) } }
  }
}

/// A key, a pass phrase or a derivation that cannot be used; never says anything of a secret.
public struct KeyError: Error, Equatable, CustomStringConvertible, Sendable {
  public var message: String
  public var help: String?

  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }

  public var description: String { help.map { "\(message); \($0)" } ?? message }
}
