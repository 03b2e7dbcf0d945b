import Foundation
import Testing

@testable import Services

/// A little server on loopback that answers each connection as a test says.
final class FakeService: Sendable {
  /// What it does with a request, given its head and its body.
  typealias Answer = @Sendable (_ head: String, _ body: [UInt8]) -> [UInt8]

  let port: Int
  private let listener: Int32

  init(_ answer: @escaping Answer) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(isBound)
    port = Int(UInt16(bigEndian: place.sin_port))
    self.listener = listener
    Thread.detachNewThread {
      while case let connection = accept(listener, nil, nil), connection >= 0 {
        Self.serve(connection, answer)
        close(connection)
      }
      // Only here: another server could get the same number while this thread still accepts.
      close(listener)
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Runs a body with a client of this server, which lives as long.
  func ask<Result>(_ body: (PredictionService) throws -> Result) throws -> Result {
    try withExtendedLifetime(self) {
      try body(PredictionService("http://127.0.0.1:\(port)/v1/models/suspect:predict"))
    }
  }

  private static func serve(_ connection: Int32, _ answer: Answer) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let count = line.flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) } ?? 0
        if bytes.count >= end.upperBound + count {
          let reply = answer(head, Array(bytes[end.upperBound...]))
          _ = reply.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
          return
        }
      }
      let received = recv(connection, &buffer, buffer.count, 0)
      guard received > 0 else { return }
      bytes += buffer[..<received]
    }
  }

  /// An answer with a length.
  static func reply(_ body: String, status: String = "200 OK", headers: String = "") -> [UInt8] {
    Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)".utf8)
  }
}
