import Language

extension Session {
  /// `:vars`: name, kind, shape, size in memory, value, and what made it stale.
  func variableTable() throws -> String {
    let rows = try variableNames.map { name in
      let value = self[name] ?? .none
      let shown = if case .object(let object) = value { object.summary } else { value.describe(limit: 40) }
      let cells: [(String, String)] = [
        ("name", name), ("kind", value.kindName.withoutArticle), ("shape", value.shapeText),
        ("size", value.byteCount.map(\.shownAsBytes) ?? ""), ("value", shown),
        ("stale", lineage.cause(ofStale: name).map { "since \($0) changed" } ?? ""),
      ]
      return try Record(cells.map { .init(name: $0.0, value: .text($0.1)) })
    }
    guard !rows.isEmpty else { return "no variables yet" }
    // A column that says nothing is left out.
    let isUseful = Set(rows[0].names.filter { name in rows.contains { $0[name]?.display.isEmpty == false } })
    return try Table(rows: rows.map { row in try Record(row.fields.filter { isUseful.contains($0.name) }) }).describe()
  }
}

extension Value {
  /// `[64, 3, 32, 32]`, `[3, 32, 32] -> [10]`; empty for what has no shape.
  var shapeText: String {
    switch self {
    case .list(let list): "[\(list.elements.count)]"
    case .object(let object): object.shapeText
    default: ""
    }
  }

  /// The bytes of the numbers that it holds; nil where it holds no mass of them.
  var byteCount: Int? {
    switch self {
    case .object(let object): object.byteCount
    case .list(let list): Value.sum(list.elements.map(\.byteCount))
    case .record(let record): Value.sum(record.fields.map(\.value.byteCount))
    default: nil
    }
  }

  private static func sum(_ counts: [Int?]) -> Int? {
    let known = counts.compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(0, +)
  }
}

extension Int {
  /// `12 kB`, `3.4 MB`: bytes in decimal units, with at most one decimal.
  var shownAsBytes: String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(self)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let isShort = value < 99.95 && unit > 0
    return "\(isShort ? value.trimmed(decimals: 1) : value.rounded().trimmed(decimals: 0)) \(units[unit])"
  }
}
