import Files
import Foundation
import Testing

@testable import Timestamps

/// A file that openssl wrote; `Scripts/reference/timestamps` says how.
func fixture(_ name: String) throws -> String {
  try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")).path
}

func bytes(_ name: String) throws -> [UInt8] { try FileReader.contents(of: fixture(name), limit: 1 << 20) }

/// The SHA-256 of the document that the fixtures date.
func documentHash() throws -> [UInt8] {
  var checksum = Checksum.SHA256()
  checksum.update(try bytes("document"))
  return checksum.digest
}

/// What `openssl ts … -text` printed behind a word at the start of a line.
func printed(_ word: String, in name: String) throws -> String {
  let lines = String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n")
  let line = try #require(lines.first { $0.hasPrefix(word + ": ") })
  return String(line.dropFirst(word.count + 2))
}

/// The time that `openssl ts -reply -text` printed, in seconds since 1970.
func printedTime(in name: String) throws -> Int64 {
  let format = DateFormatter()
  format.locale = Locale(identifier: "en_US_POSIX")
  format.timeZone = TimeZone(identifier: "UTC")
  format.dateFormat = "MMM d HH:mm:ss yyyy 'GMT'"
  return Int64(try #require(format.date(from: printed("Time stamp", in: name))).timeIntervalSince1970)
}
