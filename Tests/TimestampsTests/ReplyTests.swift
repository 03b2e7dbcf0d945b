import Files
import Foundation
import Testing

@testable import Timestamps

@Suite struct ReplyTests {
  private func read(
    _ name: String, hash: [UInt8]? = nil, nonce: UInt64? = nil, trusted: String = "root.pem", asOf moment: Int64? = nil
  ) throws -> TimestampReply {
    try TimestampReply(
      fixture(name), sha256: hash ?? documentHash(), nonce: nonce, trusted: fixture(trusted), asOf: moment)
  }

  /// The reason why a reply is refused.
  private func refusal(
    _ name: String, nonce: UInt64? = nil, trusted: String = "root.pem", asOf moment: Int64? = nil
  ) throws -> TimestampError.Reason? {
    do {
      _ = try read(name, nonce: nonce, trusted: trusted, asOf: moment)
      return nil
    } catch let error as TimestampError {
      return error.reason
    }
  }

  @Test func aReplySaysWhatOpensslReadsInIt() throws {
    let nonce = try TimestampRequest(contentsOf: fixture("request.tsq")).nonce
    let reply = try read("reply.tsr", nonce: nonce)
    #expect(reply.serial == (try printed("Serial number", in: "reply.txt")))
    #expect(reply.policy == (try printed("Policy OID", in: "reply.txt")))
    #expect(reply.seconds == (try printedTime(in: "reply.txt")))
    #expect(reply.accuracy == 1.5001)
    #expect(reply.authority == "O = Passbook tests, CN = Test time stamps")
    #expect(reply.certificateEnd == 4_733_510_400)
    #expect(reply.meaning.contains("existed at \(TimestampReply.text(reply.seconds)), within 1.5001 s"))
  }

  @Test func timesAreShownInUTC() {
    #expect(TimestampReply.text(0) == "1970-01-01 00:00:00 UTC")
    #expect(TimestampReply.text(951_827_696) == "2000-02-29 12:34:56 UTC")
  }

  @Test func theNonceIsComparedIfItIsGiven() throws {
    #expect(try refusal("reply.tsr") == nil)
    #expect(try refusal("reply.tsr", nonce: 7) == .otherRequest)
    #expect(try refusal("bare.tsr", trusted: "stamps.pem") == nil)
    #expect(try refusal("bare.tsr", nonce: 7, trusted: "stamps.pem") == .otherRequest)
  }

  @Test func eachFaultIsNamed() throws {
    #expect(try refusal("another.tsr") == .otherHash)
    #expect(try refusal("wide.tsr") == .otherHash)
    #expect(
      try refusal("rejected.tsr") == .notGranted(status: "rejected", text: "Requested policy is not supported."))
    #expect(try refusal("lapsed.tsr") == .expired("certificate has expired"))
    #expect(try refusal("weak.tsr") == .weakDigest("SHA1"))
    #expect(try refusal("bare.tsr") == .untrusted("the reply does not bring the certificate that it is signed with"))
    #expect(try refusal("reply.tsr", trusted: "document") == .noCertificates)
    #expect(try refusal("document") == .notDER("it does not start with a sequence"))
    guard case .untrusted = try refusal("reply.tsr", trusted: "stranger.pem") else {
      Issue.record("a stranger's root is trusted")
      return
    }
  }

  @Test func aCertificateMayBeAskedAboutAsOfAnotherMoment() throws {
    let end = try read("reply.tsr").certificateEnd
    #expect(try refusal("reply.tsr", asOf: end) != .expired("certificate is not yet valid"))
    #expect(try refusal("reply.tsr", asOf: end + 1) == .expired("certificate has expired"))
    #expect(try refusal("reply.tsr", asOf: 1_000_000_000) == .expired("certificate is not yet valid"))
  }

  @Test func aChangedHashInTheReplyBreaksItsSignature() throws {
    var reply = try bytes("another.tsr")
    let other = try bytes("reply.tsr")
    let hash = try documentHash()
    let place = try #require(other.indices.first { other[$0...].starts(with: hash) })
    let target = try #require(reply.indices.first { reply[$0...].starts(with: other[(place - 4)..<place]) })
    reply.replaceSubrange((target + 4)..<(target + 36), with: hash)
    let trusted = try TrustedCertificates(contentsOf: fixture("root.pem"))
    #expect(throws: TimestampError("forged", .wrongSignature)) {
      try TimestampReply(
        reply, path: "forged", request: TimestampRequest(sha256: hash, nonce: nil), trusted: trusted)
    }
  }

  @Test func aCutOrLongerReplyIsRefused() throws {
    let whole = try bytes("reply.tsr")
    let trusted = try TrustedCertificates(contentsOf: fixture("root.pem"))
    let request = try TimestampRequest(sha256: documentHash(), nonce: nil)
    for count in 2..<whole.count {
      #expect(throws: TimestampError.self) {
        try TimestampReply(Array(whole[..<count]), path: "cut", request: request, trusted: trusted)
      }
    }
    #expect(throws: TimestampError("cut", .truncated(found: 500, expected: whole.count))) {
      try TimestampReply(Array(whole[..<500]), path: "cut", request: request, trusted: trusted)
    }
    #expect(throws: TimestampError("long", .notDER("1 bytes stand behind its end"))) {
      try TimestampReply(whole + [0], path: "long", request: request, trusted: trusted)
    }
  }
}
