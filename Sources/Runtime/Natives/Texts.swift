import Language

/// Natives on texts, and printing.
let textNatives: [Native] = [
  Native(
    "print", area: "general", isVariadic: true,
    summary: "Writes its arguments on a line, with spaces between them; figures are shown, on lines of their own.",
    example: "print(\"rate\", 10%)"
  ) { call in
    let output = call.session.output
    var words: [String] = []
    for value in call.more {
      guard let figure = value.figure else {
        words.append(value.display)
        continue
      }
      if !words.isEmpty { output.print(words.joined(separator: " ")) }
      words = []
      output.show(figure)
    }
    if !words.isEmpty || call.more.isEmpty { output.print(words.joined(separator: " ")) }
    return .none
  },
  Native(
    "text", area: "general",
    [
      .init("value", "value", "anything"),
      .init("format", "text", default: "none", "as in \"{x:.3}\"; \"csv\" for a table"),
    ],
    summary: "A value as text, as print shows it or in a format.", example: "text(3.14159, format: \".2\")"
  ) { call in
    guard call.isGiven("format") else { return .text(call.value("value").display) }
    let format = try call.text("format")
    return .text(try NumberFormat(format).apply(to: call.value("value")))
  },
  Native(
    "type", area: "general", [.init("value", "value", "anything")], summary: "What kind of value it is, as a text.",
    example: "type([1, 2])"
  ) { call in
    let value = call.value("value")
    if case .boolean = value { return .text("boolean") }
    return .text(value.kindName.withoutArticle)
  },
  Native(
    "join", area: "general",
    [.init("values", "list", "what to join"), .init("separator", "text", default: "\"\"", "what to put between them")],
    summary: "One text from the elements of a list.", example: "join([1, 2, 3], separator: \", \")"
  ) { call in
    .text(try call.list("values").map(\.display).joined(separator: try call.text("separator", default: "")))
  },
]

/// The parts of a text between a separator; an empty separator gives its characters.
func splitText(_ text: String, by separator: String) throws -> Value {
  guard !separator.isEmpty else { return try .list(text.map { .text(String($0)) }) }
  var parts: [Value] = []
  var rest = text
  while let found = rest.firstRange(of: separator) {
    parts.append(.text(String(rest[..<found.lowerBound])))
    rest = String(rest[found.upperBound...])
  }
  return try .list(parts + [.text(rest)])
}
