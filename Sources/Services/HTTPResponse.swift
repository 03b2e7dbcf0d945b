/// An answer in HTTP/1.1 (RFC 9112): status, headers, body; read from pieces as they come.
struct HTTPResponse: Equatable {
  private(set) var status = 0
  /// By name in small letters; of a name that stands twice the values with a comma between them.
  private(set) var headers: [String: String] = [:]
  private(set) var body: [UInt8] = []

  /// Why an answer is refused; `PredictionService` adds the address.
  enum Failure: Error, Equatable {
    case malformed(String)
    case tooLarge
  }

  static let mostLine = 1 << 14
  static let mostHeaders = 200

  /// Reads one answer.
  ///
  /// - Parameters:
  ///   - limit: The longest body that is taken, in bytes.
  ///   - source: The next piece; empty at the end.
  init(limit: Int, from source: @escaping () throws -> [UInt8]) throws {
    var reader = Reader(source: source)
    // Interim answers, such as "100 Continue", stand before the one that counts.
    repeat {
      status = try Self.status(of: reader.line())
      headers = try Self.headers(&reader)
    } while 100..<200 ~= status
    if status == 204 || status == 304 { return }
    if let coding = headers["content-encoding"], coding.lowercased() != "identity" {
      throw Failure.malformed("it is packed as \(coding.shortened), which was not asked for")
    }
    if let coding = headers["transfer-encoding"] {
      guard coding.lowercased() == "chunked" else {
        throw Failure.malformed("it is sent as \(coding.shortened), which is not read here")
      }
      try readChunks(&reader, limit)
    } else if let length = headers["content-length"] {
      guard let count = Self.number(length, radix: 10) else { throw Failure.malformed("its length is no number") }
      guard count <= limit else { throw Failure.tooLarge }
      body = try reader.bytes(count)
    } else {
      body = try reader.rest(limit)
    }
  }

  /// status-line = HTTP-version SP status-code SP [ reason-phrase ]
  private static func status(of line: String) throws -> Int {
    let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", parts[1].count == 3,
      let status = number(String(parts[1]), radix: 10), 100...599 ~= status
    else { throw Failure.malformed("it starts with \"\(line.shortened.prefix(40))\"") }
    return status
  }

  private static func headers(_ reader: inout Reader) throws -> [String: String] {
    var headers: [String: String] = [:]
    for _ in 0...mostHeaders {
      let line = try reader.line()
      if line.isEmpty { return headers }
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, !line.hasPrefix(" "), !line.hasPrefix("\t")
      else { throw Failure.malformed("a header is \"\(line.shortened.prefix(40))\"") }
      let name = line[..<colon].lowercased()
      let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
      let trimmed = String(value.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
      // A length that stands twice with the same value is one length.
      headers[name] = headers[name].map { $0 == trimmed ? $0 : $0 + ", " + trimmed } ?? trimmed
    }
    throw Failure.malformed("it has more than \(mostHeaders) headers")
  }

  /// chunk = size in hexadecimal [ ";" … ] CRLF data CRLF; a chunk of size 0 and trailers end the body.
  private mutating func readChunks(_ reader: inout Reader, _ limit: Int) throws {
    while true {
      let line = try reader.line()
      let digits = String(line.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" })
      guard let count = Self.number(digits, radix: 16) else {
        throw Failure.malformed("a piece of it has the length \"\(line.shortened.prefix(40))\"")
      }
      if count == 0 {
        _ = try Self.headers(&reader)
        return
      }
      guard count <= limit - body.count else { throw Failure.tooLarge }
      body += try reader.bytes(count)
      guard try reader.line().isEmpty else { throw Failure.malformed("a piece of it is longer than it says") }
    }
  }

  /// Digits only, and few enough for an `Int`.
  private static func number(_ text: String, radix: Int) -> Int? {
    guard 1...15 ~= text.utf8.count, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
      return nil
    }
    return Int(text, radix: radix)
  }
}

/// Lines and counted bytes out of pieces.
private struct Reader {
  let source: () throws -> [UInt8]
  private var piece: ArraySlice<UInt8> = []

  init(source: @escaping () throws -> [UInt8]) { self.source = source }

  /// False at the end.
  private mutating func fill() throws -> Bool {
    if piece.isEmpty { piece = try source()[...] }
    return !piece.isEmpty
  }

  private static let early = HTTPResponse.Failure.malformed("it ends early")

  /// Up to the next LF, without it and the CR before it.
  mutating func line() throws -> String {
    var line: [UInt8] = []
    while try fill() {
      let end = piece.firstIndex(of: UInt8(ascii: "\n")) ?? piece.endIndex
      line += piece[..<end]
      guard line.count <= HTTPResponse.mostLine else { throw HTTPResponse.Failure.malformed("a line of it has no end") }
      if end < piece.endIndex {
        piece = piece[(end + 1)...]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
      }
      piece = []
    }
    throw Self.early
  }

  mutating func bytes(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard try fill() else { throw Self.early }
      let part = piece.prefix(count - bytes.count)
      bytes += part
      piece = piece[part.endIndex...]
    }
    return bytes
  }

  mutating func rest(_ limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while try fill() {
      guard piece.count <= limit - bytes.count else { throw HTTPResponse.Failure.tooLarge }
      bytes += piece
      piece = []
    }
    return bytes
  }
}
