extension Value {
  /// What `print` and `{…}` show: a text as it is, everything else as the prompt shows it.
  public var display: String {
    if case .text(let text) = self { text } else { describe() }
  }

  /// What the prompt shows: texts in quotes, long lists cut, nothing longer than about `limit` characters.
  public func describe(limit: Int = 4_000) -> String {
    if case .object(let object) = self { return object.describe() }
    var description = Description(limit: limit)
    description.add(self, level: 0)
    return description.text
  }
}

/// Builds a description that stays bounded, however large or deep the value is.
private struct Description {
  static let maximumLevel = 8
  static let maximumElements = 40

  var text = ""
  var size = 0
  let limit: Int

  init(limit: Int) { self.limit = limit }

  private mutating func put(_ piece: String) {
    text += piece
    size += piece.utf8.count
  }

  mutating func add(_ value: Value, level: Int) {
    guard size < limit, level <= Description.maximumLevel else { return put("…") }
    switch value {
    case .none: put("none")
    case .boolean(let boolean): put(boolean ? "true" : "false")
    case .number(let number, let style): put(number.shown(as: style))
    case .text(let string): put(level == 0 && string.utf8.count < limit ? string.quoted : cut(string).quoted)
    case .list(let list):
      put("[")
      addAll(list.count) { description, position in
        description.add(list.elements[position], level: level + 1)
      }
      put("]")
    case .record(let record):
      put("{")
      addAll(record.fields.count) { description, position in
        description.put(record.fields[position].name.asFieldName + ": ")
        description.add(record.fields[position].value, level: level + 1)
      }
      put("}")
    case .range(let range): put(range.description)
    case .function(let function): put(function.signatureText)
    case .native(let native): put(native.signatureText)
    case .object(let object): put(object.summary)
    }
  }

  private mutating func addAll(_ count: Int, _ add: (inout Description, Int) -> Void) {
    let shown = count > Description.maximumElements ? Description.maximumElements / 2 : count
    for position in 0..<shown {
      if position > 0 { put(", ") }
      guard size < limit else { return put("… \(count - position) more") }
      add(&self, position)
    }
    if shown < count { put(", … \(count - shown) more") }
  }

  private func cut(_ string: String) -> String {
    let room = max(20, min(200, limit - size))
    return string.utf8.count <= room ? string : string.prefix(room) + "…"
  }
}

extension NumberRange: CustomStringConvertible {
  public var description: String {
    let ends = start.shown(as: style) + (isClosed ? ".." : "..<") + end.shown(as: style)
    return step == 1 && style == .plain ? ends : ends + " by " + step.shown(as: style)
  }
}

extension String {
  /// The text as it would be written in a script.
  public var quoted: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "{": result += "\\{"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// The text as it is if it can stand before a colon, in quotes otherwise.
  fileprivate var asFieldName: String {
    let isName = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } && first?.isNumber == false
    return isName ? self : quoted
  }
}
