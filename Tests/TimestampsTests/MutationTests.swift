import Foundation
import Testing

@testable import Timestamps

/// Changed requests, replies and certificates: each is refused, or says the same. PASSBOOK_FUZZ sets how many.
@Suite struct MutationTests {
  let rounds = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 2000
  private var bits = Bits(state: 41)

  /// Random bits that are the same for every run (Numerical Recipes' 64-bit linear congruential generator).
  private struct Bits {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(bound, 1)
    }
  }

  /// A bit flipped, a byte set, a piece cut out or repeated, the end cut off.
  private mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...bits.below(3) where !bytes.isEmpty {
      let position = bits.below(bytes.count)
      let length = min(1 + bits.below(16), bytes.count - position)
      switch bits.below(8) {
      case 0: bytes[position] = UInt8(bits.below(256))
      case 1: bytes[position] = [0, 255, 127, 128][bits.below(4)]
      case 2: bytes.removeSubrange(position..<position + length)
      case 3: bytes.insert(contentsOf: bytes[position..<position + length], at: position)
      case 4: bytes.removeLast(bytes.count - position)
      default: bytes[position] ^= 1 << UInt8(bits.below(8))
      }
    }
    // The length of the whole is put right half of the time, or nothing behind it would ever be looked at.
    if bits.below(2) == 0, bytes.count > 260, bytes.count < 65_000, bytes[1] == 0x82 {
      bytes[2] = UInt8((bytes.count - 4) >> 8)
      bytes[3] = UInt8((bytes.count - 4) & 255)
    }
    return bytes
  }

  @Test mutating func replies() throws {
    let whole = try bytes("reply.tsr")
    let trusted = try TrustedCertificates(contentsOf: fixture("root.pem"))
    let request = try TimestampRequest(contentsOf: fixture("request.tsq"))
    let sound = try TimestampReply(whole, path: "reply", request: request, trusted: trusted)
    var refused = 0
    for _ in 0..<rounds {
      let bytes = changed(whole)
      do {
        let reply = try TimestampReply(bytes, path: "reply", request: request, trusted: trusted)
        guard reply == sound else {
          Issue.record("\(reply) from \(Data(bytes).base64EncodedString())")
          return
        }
      } catch is TimestampError {
        refused += 1
      }
    }
    #expect(refused > rounds / 2)
  }

  /// A bit of each byte of the reply flipped by itself; with PASSBOOK_FUZZ every bit.
  @Test func everyBit() throws {
    let whole = try bytes("reply.tsr")
    let trusted = try TrustedCertificates(contentsOf: fixture("root.pem"))
    let request = try TimestampRequest(contentsOf: fixture("request.tsq"))
    let sound = try TimestampReply(whole, path: "reply", request: request, trusted: trusted)
    var unchanged: [Int] = []
    let isFull = rounds > 2000
    for bit in 0..<8 * whole.count where isFull || bit % 8 == bit / 8 % 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      let reply = try? TimestampReply(bytes, path: "reply", request: request, trusted: trusted)
      if let reply {
        #expect(reply == sound, "bit \(bit)")
        unchanged.append(bit)
      }
    }
    // The status (granted with changes counts as granted) and what stands outside of the signature and is not read.
    #expect(unchanged.count < (isFull ? 8 : 1) * whole.count / 20, "\(unchanged)")
  }

  @Test mutating func requests() throws {
    let whole = try bytes("request.tsq")
    var outcomes = (values: 0, errors: 0)
    for _ in 0..<rounds {
      do {
        _ = try TimestampRequest(changed(whole), path: "request")
        outcomes.values += 1
      } catch is TimestampError {
        outcomes.errors += 1
      }
    }
    #expect(outcomes.values > 0 && outcomes.errors > 0)
  }

  @Test mutating func certificates() throws {
    let whole = try bytes("root.pem")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pem").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (reply, request) = (try bytes("reply.tsr"), try TimestampRequest(contentsOf: fixture("request.tsq")))
    var outcomes = (values: 0, errors: 0)
    for _ in 0..<rounds / 4 {
      try Data(changed(whole)).write(to: URL(fileURLWithPath: path))
      do {
        let trusted = try TrustedCertificates(contentsOf: path)
        _ = try TimestampReply(reply, path: "reply", request: request, trusted: trusted)
        outcomes.values += 1
      } catch is TimestampError {
        outcomes.errors += 1
      }
    }
    #expect(outcomes.values > 0 && outcomes.errors > 0, "\(outcomes)")
  }
}
