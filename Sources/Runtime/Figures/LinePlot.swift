import Language

/// `plot(...)`: series of numbers as lines, drawn in text.
struct LinePlot: ObjectValue {
  struct Series: Sendable {
    var name: String
    var values: [Double]
  }

  static let columns = 60
  static let rows = 15

  let title: String?
  let series: [Series]
  /// How the numbers beside the axis are shown.
  let style: NumberStyle

  var kindName: String { "a figure" }
  var isDisplay: Bool { true }
  var summary: String { "figure" + (title.map { " \($0.quoted)" } ?? "") }

  func describe() -> String {
    let finite = series.flatMap(\.values).filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return "a figure without a number to draw" }
    // A flat line stands in the middle.
    let (bottom, top) = low == high ? (low - 1, high + 1) : (low, high)
    var canvas = BrailleCanvas(columns: Self.columns, rows: Self.rows)
    for series in series { draw(series.values, on: &canvas, from: bottom, to: top) }
    let labels = [Self.rows - 1: bottom, 0: top, Self.rows / 2: (bottom + top) / 2].mapValues(label)
    let margin = labels.values.map(\.count).max() ?? 0
    let lines = canvas.lines.enumerated().map { row, line in
      let label = labels[row] ?? ""
      return String(repeating: " ", count: margin - label.count) + label + (labels[row] == nil ? " │" : " ┤") + line
    }
    let longest = series.map(\.values.count).max() ?? 0
    let axis = String(repeating: " ", count: margin) + " └" + String(repeating: "─", count: Self.columns)
    let ends =
      String(repeating: " ", count: margin + 2) + "1"
      + String(repeating: " ", count: max(1, Self.columns - 1 - String(longest).count)) + String(longest)
    let legend =
      series.count > 1 ? [String(repeating: " ", count: margin + 2) + series.map(\.name).joined(separator: ", ")] : []
    return ((title.map { [String(repeating: " ", count: margin + 2) + $0] } ?? []) + lines + [axis, ends] + legend)
      .joined(separator: "\n")
  }

  /// Points that are no numbers break the line.
  private func draw(_ values: [Double], on canvas: inout BrailleCanvas, from bottom: Double, to top: Double) {
    func point(_ index: Int) -> (x: Double, y: Double)? {
      guard values[index].isFinite else { return nil }
      let across = values.count > 1 ? Double(index) / Double(values.count - 1) : 0.5
      return (across * Double(canvas.width - 1), (top - values[index]) / (top - bottom) * Double(canvas.height - 1))
    }
    for index in values.indices {
      guard let here = point(index) else { continue }
      canvas.set(Int(here.x.rounded()), Int(here.y.rounded()))
      if index > 0, let before = point(index - 1) { canvas.line(from: before, to: here) }
    }
  }

  private func label(_ value: Double) -> String {
    if case .plain = style {
      return value.magnitude >= 1e5 || (value != 0 && value.magnitude < 1e-3)
        ? value.scientific(decimals: 2) : value.trimmed(decimals: 3)
    }
    return Value.number(value, style).display
  }
}

/// Natives that draw.
let figureNatives: [Native] = [
  Native(
    "plot", area: "figures",
    [
      .init("values", "list or record", "numbers; or a record of lists, one line each"),
      .init("title", "text", default: "none", "what stands above"),
    ],
    summary: "A line through numbers, drawn in the terminal.", example: "plot([4, 2, 1, 0.5], title: \"loss\")"
  ) { call in
    let title = call.isGiven("title") ? try call.text("title") : nil
    var series: [LinePlot.Series] = []
    var style = NumberStyle.plain
    func add(_ name: String, _ value: Value) throws {
      let numbers = try value.elements().map { element -> Double in
        guard case .number(let number, let own) = element else {
          throw call.fail("'values' must hold numbers only, not \(element.kindName)", argument: "values")
        }
        style = own
        return number
      }
      series.append(.init(name: name, values: numbers))
    }
    if case .record(let record) = call.value("values") {
      for field in record.fields { try add(field.name, field.value) }
    } else {
      try add("", .list(call.list("values")))
    }
    return .object(LinePlot(title: title, series: series, style: style))
  }
]
