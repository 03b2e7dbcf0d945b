import Language

/// Natives on texts, and printing.
let textNatives: [Native] = [
  Native(
    "print", area: "general", isVariadic: true,
    summary: "Writes its arguments on a line, with spaces between them.", example: "print(\"rate\", 10%)"
  ) { call in
    call.session.output.print(call.more.map(\.display).joined(separator: " "))
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
    [.init("values", "list", "what to join"), .init("by", "text", default: "\"\"", "what to put between them")],
    summary: "One text from the elements of a list.", example: "join([1, 2, 3], by: \", \")"
  ) { call in
    .text(try call.list("values").map(\.display).joined(separator: try call.text("by", default: "")))
  },
  Native(
    "split", area: "general",
    [
      .init("value", "text", "what to split"),
      .init("by", "text", default: "\" \"", "where to split a text, or the share of a data set"),
      .init("seed", "number", default: "none", "shuffles a data set first"),
    ],
    summary: "The parts of a text between a separator.", example: "split(\"a,b,c\", by: \",\")"
  ) { call in
    let text = try call.text("value")
    let separator = try call.text("by", default: " ")
    guard !separator.isEmpty else { return try .list(text.map { .text(String($0)) }) }
    var parts: [Value] = []
    var rest = text
    while let found = rest.firstRange(of: separator) {
      parts.append(.text(String(rest[..<found.lowerBound])))
      rest = String(rest[found.upperBound...])
    }
    return try .list(parts + [.text(rest)])
  },
]
