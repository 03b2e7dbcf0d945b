/// Where a link leads: `(target)`, `(<target with spaces>)`, either with a `"title"`, which is not kept.
enum LinkTarget {
  /// In bytes; what is longer is no link.
  static let longest = 2000

  /// The target in parentheses at an index, and the index behind them.
  static func parse(_ bytes: [UInt8], at start: Int) -> (target: String, end: Int)? {
    let limit = min(bytes.count, start + longest)
    guard start < limit, bytes[start] == UInt8(ascii: "(") else { return nil }
    var position = skipSpaces(bytes, from: start + 1, limit)
    var target: [UInt8] = []
    if position < limit, bytes[position] == UInt8(ascii: "<") {
      position += 1
      while position < limit, bytes[position] != UInt8(ascii: ">"), bytes[position] != 0x0A {
        target.append(bytes[position])
        position += 1
      }
      guard position < limit, bytes[position] == UInt8(ascii: ">") else { return nil }
      position += 1
    } else {
      var depth = 0
      while position < limit, bytes[position] > 0x20 {
        if bytes[position] == UInt8(ascii: "(") { depth += 1 }
        if bytes[position] == UInt8(ascii: ")") {
          if depth == 0 { break }
          depth -= 1
        }
        if bytes[position] == UInt8(ascii: "\\"), position + 1 < limit,
          MarkdownInline.isPunctuation(bytes[position + 1])
        {
          position += 1
        }
        target.append(bytes[position])
        position += 1
      }
    }
    position = skipTitle(bytes, from: skipSpaces(bytes, from: position, limit), limit)
    guard position < limit, bytes[position] == UInt8(ascii: ")") else { return nil }
    return (String(decoding: target, as: UTF8.self), position + 1)
  }

  private static func skipSpaces(_ bytes: [UInt8], from start: Int, _ limit: Int) -> Int {
    var position = start
    while position < limit, MarkdownInline.isSpace(bytes[position]) { position += 1 }
    return position
  }

  private static func skipTitle(_ bytes: [UInt8], from start: Int, _ limit: Int) -> Int {
    guard start < limit, bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") else { return start }
    var position = start + 1
    while position < limit, bytes[position] != bytes[start] {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return skipSpaces(bytes, from: position + 1, limit)
  }

  /// Whether the target names a scheme, and one that shows a document.
  static func isAbsolute(_ target: String) -> Bool {
    guard let scheme = scheme(of: target) else { return false }
    return ["http", "https", "mailto"].contains(scheme)
  }

  /// Whether a page may link it: another scheme, such as `javascript:`, could act in the reader's name.
  static func isSafe(_ target: String) -> Bool { scheme(of: target) == nil || isAbsolute(target) }

  /// What stands before a colon, unless a slash, a question mark or a hash comes first (RFC 3986, 4.2).
  private static func scheme(of target: String) -> String? {
    // Browsers pass over white space and control characters when they look for a scheme.
    let scalars = target.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }
    guard let end = scalars.firstIndex(where: { ":/?#".unicodeScalars.contains($0) }), scalars[end] == ":" else {
      return nil
    }
    return String(String.UnicodeScalarView(scalars[..<end])).lowercased()
  }
}
