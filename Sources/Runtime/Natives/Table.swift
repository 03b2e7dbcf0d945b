import Language

/// Named columns of equal length: `table({rate: [0%, 10%], free: [91%, 90%]})`.
public struct Table: ObjectValue {
  public let columns: [(name: String, values: List)]
  public let rowCount: Int

  /// Fails when the columns differ in length.
  public init(_ columns: [(name: String, values: [Value])]) throws {
    let lengths = Set(columns.map(\.values.count))
    guard lengths.count <= 1 else {
      let shown = columns.map { "\($0.name) has \($0.values.count)" }.joined(separator: ", ")
      throw Failure("the columns of a table must be equally long: \(shown)", argument: "columns")
    }
    self.columns = try columns.map { ($0.name, try List($0.values)) }
    rowCount = lengths.first ?? 0
  }

  /// A table from records with the same fields, one a row.
  public init(rows: [Record]) throws {
    let names = rows.first?.names ?? []
    try self.init(
      try names.map { name in
        (
          name,
          try rows.enumerated().map { position, row in
            guard let value = row[name] else { throw Failure("row \(position) has no field '\(name)'") }
            return value
          }
        )
      })
  }

  public var kindName: String { "a table" }
  public var shapeText: String { "\(rowCount) x \(columns.count)" }
  public var isDisplay: Bool { true }
  public var summary: String { "table of \(rowCount) rows: \(columns.map(\.name).joined(separator: ", "))" }
  public var fieldNames: [String] { columns.map(\.name) + ["rows"] }
  public var count: Int? { rowCount }
  public var depth: Int { columns.map(\.values.depth).max() ?? 0 }

  private func column(_ name: String) -> List? { columns.first { $0.name == name }?.values }

  public func field(_ name: String) throws -> Value? {
    if let column = column(name) { return .list(column) }
    return name == "rows" ? try .list(try rows()) : nil
  }

  /// One record a row.
  func rows() throws -> [Value] {
    try (0..<rowCount).map { row in
      .record(try Record(columns.map { .init(name: $0.name, value: $0.values.elements[row]) }))
    }
  }

  public func elements() throws -> [Value]? { try rows() }

  public func element(at indices: [IndexValue]) throws -> Value? {
    try Value.list(try rows()).element(at: indices)
  }

  public func compare(_ comparison: ComparisonOperator, _ other: Value, isReversed: Bool) throws -> Value? {
    guard comparison == .equal || comparison == .notEqual, case .object(let object) = other,
      let table = object as? Table
    else { return nil }
    let isEqual = columns.count == table.columns.count
      && zip(columns, table.columns).allSatisfy {
        $0.name == $1.name && Value.list($0.values).equals(.list($1.values))
      }
    return .boolean(isEqual == (comparison == .equal))
  }

  /// `text(table, format: "csv")`
  public func apply(_ native: String, _ call: NativeCall) throws -> Value? {
    guard native == "text", call.isGiven("format"), try call.text("format") == "csv" else { return nil }
    return .text(csv)
  }

  /// Comma-separated values as RFC 4180 has them, with numbers that read back exactly and line feeds between rows.
  public var csv: String {
    let header = columns.map { Table.quotedForCSV($0.name) }.joined(separator: ",")
    let lines = (0..<rowCount).map { row in
      columns.map { column in
        switch column.values.elements[row] {
        case .none: ""
        case .number(let number, _): number.shown(as: .plain)
        case let value: Table.quotedForCSV(value.display)
        }
      }.joined(separator: ",")
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  private static func quotedForCSV(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    var quoted = ""
    for character in text { quoted += character == "\"" ? "\"\"" : String(character) }
    return "\"\(quoted)\""
  }

  /// Aligned columns, numbers to the right; rows in the middle of a long table are left out.
  public func describe() -> String {
    let limit = 60
    let isCut = rowCount > limit
    let shown = isCut ? Array(0..<limit / 2) + Array(rowCount - limit / 2..<rowCount) : Array(0..<rowCount)
    let cells = columns.map { column in
      [column.name] + shown.map { Table.cell(column.values.elements[$0]) }
    }
    let isNumeric = columns.map { column in
      column.values.elements.contains { if case .number = $0 { true } else { false } }
    }
    let widths = cells.map { $0.map(\.count).max() ?? 0 }
    var lines = (0...shown.count).map { row in
      var line = cells.indices.map { column in
        let text = cells[column][row]
        let spaces = String(repeating: " ", count: widths[column] - text.count)
        return isNumeric[column] ? spaces + text : text + spaces
      }.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
    if isCut { lines.insert("… \(rowCount - limit) more rows", at: limit / 2 + 1) }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ value: Value) -> String {
    let text: String
    if case .number(let number, .plain) = value, number != number.rounded(), number.magnitude < 1e6 {
      text = number.magnitude < 1e-3 ? number.scientific(decimals: 2) : number.trimmed(decimals: 4)
    } else if case .object(let object) = value {
      text = object.summary
    } else {
      text = value.isNone ? "" : value.display
    }
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 60 ? line.prefix(59) + "…" : line
  }
}

let tableNatives: [Native] = [
  Native(
    "table", area: "general", [.init("columns", "record", "a record of lists, or a list of records")],
    summary: "A table with named columns; its fields are the columns, and .rows is a list of records.",
    example: "table({rate: [0%, 10%], free: [91.2%, 90%]})"
  ) { call in
    if case .object(let object) = call.value("columns"), object is Table { return .object(object) }
    if case .record(let record) = call.value("columns") {
      return .object(try Table(record.fields.map { ($0.name, try $0.value.elements()) }))
    }
    let rows = try call.list("columns").map { row in
      guard case .record(let record) = row else {
        throw call.mismatch("columns", expected: "a record of lists, or a list of records")
      }
      return record
    }
    return .object(try Table(rows: rows))
  }
]
