extension JSON {
  /// Text for people and for line-wise comparison: a member or element a line, indented by `width` spaces a level.
  ///
  /// Throws for infinities, NaN, and nesting deeper than `deepest`.
  public func indentedText(by width: Int = 1) throws(Failure) -> String {
    var text = ""
    try write(to: &text, width: max(width, 0), depth: 0)
    return text
  }

  private func write(to text: inout String, width: Int, depth: Int) throws(Failure) {
    guard depth <= Self.deepest else {
      throw Failure(reason: "the value nests deeper than \(Self.deepest)", offset: nil)
    }
    let indent = "\n" + String(repeating: " ", count: width * (depth + 1))
    let end = "\n" + String(repeating: " ", count: width * depth)
    switch self {
    case .array(let values) where !values.isEmpty:
      for (index, value) in values.enumerated() {
        text += (index == 0 ? "[" : ",") + indent
        try value.write(to: &text, width: width, depth: depth + 1)
      }
      text += end + "]"
    case .object(let members) where !members.isEmpty:
      for (index, member) in members.enumerated() {
        text += (index == 0 ? "{" : ",") + indent + (try JSON.string(member.name).text()) + ": "
        try member.value.write(to: &text, width: width, depth: depth + 1)
      }
      text += end + "}"
    default: text += try self.text()
    }
  }
}
