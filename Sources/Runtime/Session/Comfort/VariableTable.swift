import Language

extension Session {
  /// `:vars`: name, kind, shape, size in memory, value, and what made it stale.
  func variableTable() throws -> String {
    let names = variableNames
    guard !names.isEmpty else { return "no variables yet" }
    let values = names.map { self[$0] ?? .none }
    var columns: [(name: String, cells: [String])] = [
      ("name", names), ("kind", values.map(\.kindName.withoutArticle)), ("shape", values.map(\.shapeText)),
      ("size", values.map { $0.byteCount?.shownAsBytes ?? "" }),
      ("stale", names.map { name in lineage.cause(ofStale: name).map { "since \($0) changed" } ?? "" }),
    ]
    // A column that says nothing is left out; the values take the room that the others leave.
    columns.removeAll { $0.cells.allSatisfy(\.isEmpty) }
    let taken = columns.reduce(0) { $0 + 2 + ([$1.name] + $1.cells).reduce(0) { max($0, $1.count) } }
    let room = max(Self.helpWidth - taken, 20)
    columns.append(("value", values.map { $0.briefly(room) }))
    return try Table(
      rows: names.indices.map { row in
        try Record(columns.map { .init(name: $0.name, value: .text($0.cells[row])) })
      }
    ).describe()
  }
}

extension Value {
  /// The value in so many characters, cut at the end if it has more.
  fileprivate func briefly(_ limit: Int) -> String {
    let text = if case .object(let object) = self { object.summary } else { describe(limit: limit) }
    return text.count <= limit ? text : text.prefix(limit - 2) + " …"
  }

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
