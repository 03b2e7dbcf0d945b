import Files
import Foundation
import Timestamps

/// The word of an outside authority on when a commitment existed; a clock of one's own proves nothing.
public struct OutsideDate: Sendable, Equatable {
  public var time: Date
  public var authority: String
  /// SHA-256 of the commitment that it was given for.
  public var commitmentSHA256: String
  /// Whether nobody gave it: it stands for a date in lessons and experiments.
  public var isPractice: Bool

  public init(time: Date, authority: String, commitmentSHA256: String, isPractice: Bool = false) {
    self.time = time
    self.authority = authority
    self.commitmentSHA256 = commitmentSHA256
    self.isPractice = isPractice
  }

  /// The date that a time-stamping authority gave a commitment (RFC 3161), checked without a network.
  ///
  /// - Parameters:
  ///   - nonce: that of the request, which the reply must repeat.
  ///   - trusted: PEM file of the certificates that are trusted.
  /// - Throws: `TimestampError` for a reply that is for something else, was not granted, or is signed by somebody else.
  public init(_ commitment: Commitment, reply: String, nonce: UInt64? = nil, trusted: String) throws {
    let stamp = try TimestampReply(reply, sha256: commitment.digest(), nonce: nonce, trusted: trusted)
    self.init(
      time: .init(timeIntervalSince1970: Double(stamp.seconds)), authority: stamp.authority,
      commitmentSHA256: try commitment.sha256())
  }

  /// A date for practice, which proves nothing and says so wherever it is shown.
  ///
  /// - Parameter day: "2026-05-01".
  public init(_ commitment: Commitment, practice day: String) throws {
    self.init(
      time: try Self.day(day), authority: "nobody", commitmentSHA256: try commitment.sha256(), isPractice: true)
  }

  /// `2026-11-29 14:05:00 UTC`
  public var text: String { Self.text(of: time) }

  public var sentence: String {
    isPractice ? "\(text), for practice alone" : "it existed at \(text), says \(authority)"
  }

  public static func text(of time: Date) -> String { TimestampReply.text(Int64(time.timeIntervalSince1970)) }

  /// The beginning of a day, "2026-05-01", in UTC.
  public static func day(_ text: String) throws -> Date {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    guard text.count == 10, parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      year >= 1970, let date = calendar.date(from: DateComponents(year: year, month: month, day: day)),
      Self.text(of: date).hasPrefix(text)
    else { throw OwnershipError("\(text) is no day; expected one such as 2026-05-01") }
    return date
  }
}
