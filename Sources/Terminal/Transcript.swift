/// A copy of a screen, pasted back: prompts, input and output, whether bare or as `#=>` comments.
public enum Transcript {
  /// The input in a text: as it is, or, if its first line bears a prompt, what stands behind the prompts alone.
  public static func input(of text: String) -> String {
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }), input(ofPrompted: first) != nil else {
      return text
    }
    var isInput = false
    var kept: [Substring] = []
    for line in lines {
      if let input = input(ofPrompted: line) {
        kept.append(input)
        isInput = true
      } else if isInput, let input = input(ofContinued: line) {
        kept.append(input)
      } else {
        isInput = false
      }
    }
    return kept.joined(separator: "\n")
  }

  /// What stands behind `passbook 3> `, `whatif 4> `, `lesson 2/7> ` or `present 3/12> `, if the line starts so.
  private static func input(ofPrompted line: Substring) -> Substring? {
    guard let name = ["passbook ", "whatif ", "lesson ", "present "].first(where: line.hasPrefix) else { return nil }
    let rest = line.dropFirst(name.count)
    let number = rest.hasPrefix("done") ? rest.prefix(4) : rest.prefix { $0.isASCII && ($0.isNumber || $0 == "/") }
    let tail = rest.dropFirst(number.count)
    guard !number.isEmpty, tail.first == ">" else { return nil }
    return tail.dropFirst(tail.hasPrefix("> ") ? 2 : 1)
  }

  /// What stands behind `        ... `, if the line starts so.
  private static func input(ofContinued line: Substring) -> Substring? {
    let spaces = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(spaces)
    guard spaces >= 7, rest.hasPrefix("...") else { return nil }
    return rest.dropFirst(rest.hasPrefix("... ") ? 4 : 3)
  }
}
