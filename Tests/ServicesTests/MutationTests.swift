import Foundation
import Testing

@testable import Services

/// Damaged answers end in predictions or in an error. PASSBOOK_FUZZ sets how many are tried.
@Suite struct MutationTests {
  let rounds = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 2000

  private static let whole = Array(
    ("HTTP/1.1 200 OK\r\nServer: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "12;a=b\r\n{\"predictions\": [0\r\n11\r\n, 1, [0.5, 1e-3]]\r\n1\r\n}\r\n0\r\nA: b\r\n\r\n").utf8)

  @Test func answers() throws {
    let service = try PredictionService("http://127.0.0.1/")
    var state: UInt64 = 7
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(bound, 1)
    }
    var outcomes = (values: 0, errors: 0)
    for _ in 0..<rounds {
      var bytes = Self.whole
      for _ in 0...below(3) where !bytes.isEmpty {
        let position = below(bytes.count)
        switch below(5) {
        case 0: bytes[position] ^= 1 << UInt8(below(8))
        case 1: bytes[position] = UInt8(below(256))
        case 2: bytes[position] = UInt8(48 + below(10))
        case 3: bytes.insert(bytes[below(bytes.count)], at: position)
        default: bytes.removeLast(min(bytes.count, below(40)))
        }
      }
      // In pieces of any length, as a network would.
      var rest = bytes[...]
      let piece = 1 + below(64)
      do {
        let response = try HTTPResponse(limit: 1 << 16) {
          defer { rest = rest.dropFirst(piece) }
          return Array(rest.prefix(piece))
        }
        _ = try service.classes(in: response.body, count: 3, classes: 2)
        outcomes.values += 1
      } catch {
        outcomes.errors += 1
      }
    }
    #expect(outcomes.values > 0 && outcomes.errors > 0, "\(outcomes)")
  }
}
