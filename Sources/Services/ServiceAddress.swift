/// Where a service is: http://host:port/path.
public struct ServiceAddress: Equatable, Sendable {
  /// The address as it was given.
  public let text: String
  /// A name or a number, without the brackets of IPv6.
  public let host: String
  /// 80 unless given.
  public let port: Int
  /// The path with its query, at least "/".
  public let path: String

  /// Whether a text is meant as an address rather than as the path of a file.
  public static func isAddress(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://")
  }

  /// Reads an address; throws `ServiceError` for https, for names with pass words, and for anything that a line of HTTP
  /// could be smuggled in with.
  public init(_ text: String) throws {
    // What stands before an '@' may be a pass word, which no error shows.
    let shown = text.lastIndex(of: "@").map { "http://…" + text[$0...] }?.shortened ?? text.shortened
    func failure(_ why: String) -> ServiceError { ServiceError(shown, .address(why)) }
    let lower = text.lowercased()
    guard !lower.hasPrefix("https://") else {
      throw failure("https is not spoken here; let a proxy on this machine do so, and give its http address")
    }
    guard lower.hasPrefix("http://") else { throw failure("this is no http address") }
    guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && !"\"<>\\^`{|}#".utf8.contains($0) }) else {
      throw failure("an address has no spaces, no '#' and no letters beyond ASCII; write them as %20 and so on")
    }
    guard text.utf8.count <= 4096 else { throw failure("the address is longer than 4096 letters") }
    let rest = text.dropFirst("http://".count)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let place = rest[..<end]
    let tail = rest[end...]
    guard !place.contains("@") else { throw failure("a name or a pass word in an address is not sent") }
    let (host, port) = try Self.parts(of: place, failure)
    self.text = text
    self.host = host
    self.port = port
    path = tail.hasPrefix("/") ? String(tail) : "/" + tail
  }

  private static func parts(
    of place: Substring, _ failure: (String) -> ServiceError
  ) throws -> (host: String, port: Int) {
    var (host, digits): (Substring, Substring?) = (place, nil)
    if place.hasPrefix("[") {
      guard let end = place.firstIndex(of: "]") else { throw failure("the '[' of the machine's number has no ']'") }
      host = place[place.index(after: place.startIndex)..<end]
      let rest = place[place.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw failure("after ']' comes a port or the path") }
      digits = rest.isEmpty ? nil : rest.dropFirst()
      guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        throw failure("'[\(host)]' is no number of a machine")
      }
    } else {
      if let colon = place.firstIndex(of: ":") {
        (host, digits) = (place[..<colon], place[place.index(after: colon)...])
      }
      guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }) else {
        throw failure("'\(host)' is no name of a machine")
      }
    }
    guard let digits else { return (String(host), 80) }
    guard digits.allSatisfy(\.isNumber), let port = Int(digits), 1...65535 ~= port else {
      throw failure("'\(digits)' is no port; they are 1 to 65535")
    }
    return (String(host), port)
  }

  /// What HTTP's line "Host" says.
  var hostLine: String { (host.contains(":") ? "[\(host)]" : host) + (port == 80 ? "" : ":\(port)") }
}
