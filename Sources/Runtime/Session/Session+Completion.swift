import Glibc
import Language

extension Session {
  /// What may stand in place of the word that ends at the cursor (counted in characters), in order.
  ///
  /// Names, argument labels inside a call, fields after a dot, magics after a colon in column 1, and paths inside a
  /// string; each completion is the whole word.
  public func completions(in line: String, at cursor: Int) -> [String] {
    let text = Array(line.prefix(max(0, cursor)))
    if let path = openString(in: text) { return Session.paths(startingWith: path) }
    let wordStart = (text.lastIndex { !Session.isNameCharacter($0) } ?? -1) + 1
    let word = String(text[wordStart...])
    let before = text[..<wordStart]
    if before == [":"] { return matching(word, magics) }
    if before.last == "." { return fields(of: Array(before.dropLast()), startingWith: word) }
    let labels = callee(in: Array(before)).flatMap { signature(of: $0) }?.parameters.map { $0.label + ":" } ?? []
    let words = before.allSatisfy { $0 == "?" } && !before.isEmpty ? [] : Session.keywords
    // Before a word is begun in a call, what fits there should not drown in the names of everything.
    if word.isEmpty, !labels.isEmpty { return matching(word, labels) + matching(word, variableNames) }
    return matching(word, labels) + matching(word, names + words)
  }

  private static let keywords = Keyword.allCases.map(\.rawValue)

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private func matching(_ word: String, _ candidates: [String]) -> [String] {
    Set(candidates).filter { $0.hasPrefix(word) }.sorted()
  }

  /// The start of a string that is still open at the end, nil outside of strings.
  private func openString(in text: [Character]) -> String? {
    var start: Int?
    var position = 0
    while position < text.count {
      switch text[position] {
      case "\"": start = start == nil ? position + 1 : nil
      case "\\" where start != nil: position += 1
      case "#" where start == nil: return nil
      default: break
      }
      position += 1
    }
    return start.flatMap { $0 <= text.count ? String(text[$0...]) : nil }
  }

  /// The name before the innermost parenthesis that is still open.
  private func callee(in text: [Character]) -> String? {
    var open = 0
    for position in text.indices.reversed() {
      switch text[position] {
      case ")", "]", "}": open += 1
      case "[", "{": open -= 1
      case "(":
        open -= 1
        guard open < 0 else { continue }
        let name = text[..<position].reversed().prefix { Session.isNameCharacter($0) }
        return name.isEmpty ? nil : String(name.reversed())
      default: break
      }
    }
    return nil
  }

  /// The fields of the value that a path such as `data.train` leads to; nothing is run for it.
  private func fields(of text: [Character], startingWith word: String) -> [String] {
    let path = text.reversed().prefix { Session.isNameCharacter($0) || $0 == "." }.reversed()
    var steps = String(path).split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let root = steps.first, var value = machine[root] else { return [] }
    steps.removeFirst()
    for step in steps {
      guard let next = try? value.field(step) else { return [] }
      value = next
    }
    switch value {
    case .record(let record): return matching(word, record.names)
    case .object(let object): return matching(word, object.fieldNames)
    default: return []
    }
  }

  /// Files and folders, the latter with a slash at the end; at most 200.
  private static func paths(startingWith path: String) -> [String] {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let start = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let directory = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while found.count < 200, let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard name.hasPrefix(start), name != ".", name != "..", !name.hasPrefix(".") || start.hasPrefix(".") else {
        continue
      }
      found.append(folder + name + (Int32(entry.pointee.d_type) == Int32(DT_DIR) ? "/" : ""))
    }
    return found.sorted()
  }
}
