import Files
import Foundation
import Testing

@testable import Timestamps

@Suite struct RequestTests {
  @Test func theBytesAreThoseOfOpenssl() throws {
    let nonce = try #require(UInt64(printed("Nonce", in: "request.txt").dropFirst(2), radix: 16))
    let request = try TimestampRequest(sha256: documentHash(), nonce: nonce)
    #expect(try request.bytes() == bytes("request.tsq"))
    #expect(try TimestampRequest(contentsOf: fixture("request.tsq")) == request)
  }

  @Test func aWrittenRequestReadsBack() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).tsq").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (first, second) = try (
      TimestampRequest(sha256: documentHash()), TimestampRequest(sha256: documentHash(), nonce: nil)
    )
    for request in [first, second] {
      try request.write(to: path)
      #expect(try TimestampRequest(contentsOf: path) == request)
    }
    #expect(try TimestampRequest(sha256: documentHash()).nonce != first.nonce)
  }

  /// The answer to a request from here, made by `openssl ts -reply`-compatible reading of it.
  @Test func opensslReadsARequest() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).tsq").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try TimestampRequest(sha256: documentHash(), nonce: 0x0102_0304).write(to: path)
    let openssl = "/usr/bin/openssl"
    guard FileManager.default.isExecutableFile(atPath: openssl) else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: openssl)
    process.arguments = ["ts", "-query", "-in", path, "-text"]
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text.contains("Hash Algorithm: sha256") && text.contains("Nonce: 0x01020304"), "\(text)")
    #expect(text.contains("Certificate required: yes"))
  }

  @Test func whatIsNoRequestIsRefused() throws {
    #expect(throws: TimestampError.self) { try TimestampRequest(sha256: [1, 2, 3]) }
    #expect(throws: TimestampError("wide", .malformed("the request is not for a SHA-256"))) {
      try TimestampRequest(bytes("wide.tsq"), path: "wide")
    }
    #expect(throws: TimestampError.self) { try TimestampRequest(bytes("reply.tsr"), path: "reply") }
  }
}
