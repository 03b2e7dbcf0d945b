import Files
import Keys

/// Where a session gets the pass phrases of sealed keys from; they are never part of a script.
public struct PassphraseSource: Sendable {
  /// What a pass phrase is wanted for.
  public enum Occasion: Sendable {
    /// To seal a key that is to be written.
    case new
    /// To open one that is there.
    case known
    /// The same, after one that did not open it.
    case again
  }

  /// How often a pass phrase is asked for.
  private static let attempts = 3

  private let body: @Sendable (_ path: String, _ occasion: Occasion) throws -> [UInt8]
  private let asksAgain: @Sendable () -> Bool

  /// - Parameter asksAgain: Whether somebody may answer otherwise next time.
  public init(
    asksAgain: @escaping @Sendable () -> Bool = { false },
    _ body: @escaping @Sendable (_ path: String, _ occasion: Occasion) throws -> [UInt8]
  ) {
    self.body = body
    self.asksAgain = asksAgain
  }

  /// A pass phrase for a key that is to be written to a path.
  public func newPassphrase(for path: String) throws -> [UInt8] { try body(path, .new) }

  /// Opens the key at a path; who mistypes is asked again.
  public func open(_ path: String) throws -> OwnerKey {
    try KeyFile.check(path)
    var occasion = Occasion.known
    for _ in 1..<Self.attempts where asksAgain() {
      do {
        return try KeyFile.open(path, passphrase: body(path, occasion))
      } catch let error as FileError where error.reason == KeyFile.wrongPassphrase {
        occasion = .again
      }
    }
    return try KeyFile.open(path, passphrase: body(path, occasion))
  }
}
