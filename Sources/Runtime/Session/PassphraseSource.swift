/// Where a session gets the pass phrases of sealed keys from; they are never part of a script.
public struct PassphraseSource: Sendable {
  private let body: @Sendable (_ path: String, _ isNew: Bool) throws -> [UInt8]

  public init(_ body: @escaping @Sendable (_ path: String, _ isNew: Bool) throws -> [UInt8]) { self.body = body }

  /// The pass phrase of the key at a path, or one for a key that is to be written there.
  public func passphrase(for path: String, isNew: Bool) throws -> [UInt8] { try body(path, isNew) }
}
