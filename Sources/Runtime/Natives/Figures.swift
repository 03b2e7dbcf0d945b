import Figures
import Language

private let titleParameter = Native.Parameter("title", "text", default: "none", "what stands above")

/// Natives that draw: each gives a figure, which is shown where a bare expression is, printed, or saved.
let figureNatives: [Native] = [
  Native(
    "plot", area: "figures",
    [
      .init("values", "list, record or table", "numbers; or lists of them by name, one line each"),
      titleParameter,
      .init("x", "text", default: "none", "what the axis below shows; a table's column of that name lies along it"),
      .init("y", "text", default: "none", "what the axis beside shows: \"loss\""),
      .init("at", "list", default: "none", "where the values stand along the axis; 1, 2, 3, … if none"),
      .init("columns", "list", default: "none", "of a table, what to draw; over a column x its rates, else all"),
    ],
    summary: "Lines through numbers; a number that is not finite breaks its line.",
    example: "plot([4, 2, 1, 0.5], title: \"loss\")"
  ) { call in try plot(call) },
  Native(
    "histogram", area: "figures",
    [
      .init("values", "list or tensor", "the numbers; of a tensor all of them"),
      .init("bins", "number", default: "20", "how many bars of equal width"),
      titleParameter,
      .init("x", "text", default: "none", "what the numbers are"),
    ],
    summary: "How often numbers fall into bins of equal width.",
    example: "histogram(normal([1000], seed: 1), bins: 30)"
  ) { call in
    var numbers: FigureNumbers
    if case .object(let object as TensorObject) = call.value("values") {
      numbers = FigureNumbers(values: object.tensor.elements.map(Double.init), style: .plain)
    } else {
      numbers = try call.figureNumbers("values")
    }
    try call.requireFinite([numbers.values], "values")
    return try call.figure(
      .histogram(
        Histogram(
          values: numbers.values, bins: call.integer("bins", in: 1...Histogram.mostBins, default: 20),
          xLabel: call.label("x"), style: numbers.style)))
  },
  Native(
    "bars", area: "figures",
    [
      .init("values", "record or table", "numbers by name; or a table, whose first column holds the names"),
      titleParameter,
      .init("column", "text", default: "none", "of a table, the column to draw; the first of numbers behind the names"),
    ],
    summary: "One bar a number, with its name.", example: "bars({pruning: 97%, overwriting: 61%})"
  ) { call in try bars(call) },
  Native(
    "scatter", area: "figures",
    [
      .init("x", "list or tensor", "numbers, one a point"),
      .init("y", "list or tensor", "as many numbers"),
      .init("classes", "list", default: "none", "the class of each point, a number or a name"),
      titleParameter,
    ],
    summary: "Points in the plane, by their class.",
    example: """
      side = [i mod 2 for i in 0..<50]
      scatter(normal([50], seed: 1), normal([50], seed: 2), classes: side)
      """
  ) { call in try scatter(call) },
  Native(
    "grid", area: "figures",
    [
      .init("images", "split or tensor", "pictures; a tensor has the shape [count, 1 or 3, height, width]"),
      .init("count", "number", default: "16", "how many of the first, at most 400"),
      .init("columns", "number", default: "8", "how many stand beside each other"),
      .init("captions", "list", default: "none", "what stands below each; the classes if they are of a split"),
      titleParameter,
    ],
    summary: "Pictures side by side, with their captions.", example: "grid(fashion().test, count: 8)"
  ) { call in
    let found = try call.pictures("images", count: call.integer("count", in: 1...400, default: 16))
    guard !found.pictures.isEmpty else { throw call.fail("there are no pictures", argument: "images") }
    let captions = call.isGiven("captions") ? try call.list("captions").map(\.display) : found.captions
    guard !call.isGiven("captions") || captions.count >= found.pictures.count else {
      throw call.fail("\(captions.count) captions for \(found.pictures.count) pictures", argument: "captions")
    }
    return try call.figure(
      .grid(
        PictureGrid(
          pictures: found.pictures, captions: Array(captions.prefix(found.pictures.count)),
          columns: call.integer("columns", in: 1...40, default: 8))))
  },
  Native(
    "cloud", area: "figures",
    [
      .init("points", "tensor", "[points, 3]; or a cloud of a split, such as data.test[0]"),
      .init("azimuth", "number", default: "30", "degrees that the eye has walked around the z axis"),
      .init("elevation", "number", default: "20", "degrees that the eye stands above the ground"),
      titleParameter,
      .init("labels", "list", default: "none", "the class of each point, which gives its colour"),
    ],
    summary: "Points in space, near ones strong and far ones faint.",
    example: "cloud(normal([200, 3], seed: 1), azimuth: 45)"
  ) { call in
    let points = try call.points("points")
    try call.requireFinite([points.map { $0.x + $0.y + $0.z }], "points")
    let labels = call.isGiven("labels") ? try call.integers("labels") : nil
    if let labels, labels.count != points.count {
      throw call.fail("\(labels.count) labels for \(points.count) points", argument: "labels")
    }
    func degrees(_ label: String, default angle: Double) throws -> Double {
      call.isGiven(label) ? try call.number(label, in: -360...360) : angle
    }
    return try call.figure(
      .cloud(
        PointCloud(
          points: points, labels: labels, azimuth: degrees("azimuth", default: 30),
          elevation: degrees("elevation", default: 20))))
  },
]

extension NativeCall {
  fileprivate func figure(_ content: Figure.Content) throws -> Value {
    .object(FigureObject(Figure(title: try figureTitle(), content)))
  }

  /// The text beside an axis, nil if none is given.
  fileprivate func label(_ label: String) throws -> String? { isGiven(label) ? try text(label) : nil }
}

/// More lines than anybody can tell apart.
private let mostSeries = 24

private func plot(_ call: NativeCall) throws -> Value {
  if var figure = call.value("values").figure {
    // What shows itself as a figure, such as confusion(net, data), needs at most a title.
    figure.title = try call.figureTitle() ?? figure.title
    return .object(FigureObject(figure))
  }
  var named: [(name: String, numbers: FigureNumbers)] = []
  var positions: FigureNumbers?
  switch call.value("values") {
  case .record(let record):
    named = try record.fields.map { ($0.name, try call.figureNumbers($0.value, "values", name: $0.name)) }
  case .object(let table as Table):
    let lines = try TableLines(table, call)
    (named, positions) = (lines.named, lines.positions)
  default: named = [("", try call.figureNumbers("values"))]
  }
  guard named.count <= mostSeries else {
    throw call.fail("at most \(mostSeries) lines are drawn, not \(named.count)", argument: "values")
  }
  try call.requireFinite(named.map(\.numbers.values), "values")
  if call.isGiven("at") { positions = try call.figureNumbers("at") }
  if let positions {
    let longest = named.map(\.numbers.values.count).max() ?? 0
    guard positions.values.count == longest else {
      throw call.fail("\(positions.values.count) positions for \(longest) values", argument: "at")
    }
    try call.requireFinite([positions.values], call.isGiven("at") ? "at" : "x")
  }
  return try call.figure(
    .lines(
      LineChart(
        series: named.map { .init(name: $0.name, values: $0.numbers.values) }, positions: positions?.values,
        xLabel: call.label("x"), yLabel: call.label("y"), xStyle: positions?.style ?? .plain,
        yStyle: named.allSatisfy { $0.numbers.style == .percent } ? .percent : .plain)))
}

/// The columns of a table as lines of a plot; a cell that holds nothing breaks its line.
private struct TableLines {
  var named: [(name: String, numbers: FigureNumbers)] = []
  /// The numbers of the column that `x:` names; none where it is only the text below the axis.
  var positions: FigureNumbers?

  init(_ table: Table, _ call: NativeCall) throws {
    var columns = table.columns.filter { column in
      if case .number? = column.values.elements.first(where: { !$0.isNone }) { true } else { false }
    }
    if let name = try call.label("x") {
      if let axis = columns.firstIndex(where: { $0.name == name }) {
        positions = try Self.numbers(columns.remove(at: axis), call)
      } else if table.columns.contains(where: { $0.name == name }) {
        throw call.fail("the column '\(name)' holds no numbers to lie along an axis", argument: "x")
      } else if let near = EditDistance.closest(to: name, among: columns.map(\.name)) {
        // Any other text is what stands below the axis.
        throw call.fail("the table has no column '\(name)'", argument: "x", help: "did you mean \"\(near)\"?")
      }
    }
    let lines = try columns.map { (name: $0.name, numbers: try Self.numbers($0, call)) }
    guard call.isGiven("columns") else {
      let rates = lines.filter { $0.numbers.style == .percent }
      // Rates and, say, logarithms of chances on one axis show neither.
      named = apart(positions == nil || rates.isEmpty ? lines : rates, table)
      return
    }
    named = apart(try call.list("columns").map { wanted in
      guard case .text(let name) = wanted, let line = lines.first(where: { $0.name == name }) else {
        throw call.fail(
          "the table has no column of numbers named \(wanted.display)", argument: "columns",
          help: "it has " + lines.map(\.name).joined(separator: ", "))
      }
      return line
    }, table)
  }

  /// Where the positions go back a new curve begins, say of another method: each gets lines of its own, named by the
  /// texts of its rows.
  private func apart(_ lines: [(name: String, numbers: FigureNumbers)], _ table: Table)
    -> [(name: String, numbers: FigureNumbers)]
  {
    guard let places = positions?.values, let first = places.indices.first else { return lines }
    let starts = [first] + places.indices.dropFirst().filter { places[$0] < places[$0 - 1] }
    guard starts.count > 1 else { return lines }
    let ends = starts.dropFirst() + [places.endIndex]
    return lines.flatMap { line in
      zip(starts, ends).enumerated().map { turn, rows in
        let texts = table.columns.compactMap { column -> String? in
          if case .text(let text) = column.values.elements[rows.0] { text } else { nil }
        }
        let curve = texts.isEmpty ? "\(turn + 1)" : texts.joined(separator: " ")
        var numbers = line.numbers
        for row in places.indices where !(rows.0..<rows.1).contains(row) { numbers.values[row] = .nan }
        return (lines.count == 1 ? curve : "\(line.name) \(curve)", numbers)
      }
    }
  }

  private static func numbers(_ column: (name: String, values: List), _ call: NativeCall) throws -> FigureNumbers {
    let cells = column.values.elements.map { $0.isNone ? Value.number(.nan) : $0 }
    return try call.figureNumbers(.list(cells), "values", name: column.name)
  }
}

private func bars(_ call: NativeCall) throws -> Value {
  var labels: [String]
  let numbers: FigureNumbers
  var name: String?
  switch call.value("values") {
  case .record(let record):
    labels = record.names
    numbers = try call.figureNumbers(.list(record.fields.map(\.value)), "values")
  case .object(let table as Table):
    let wanted = try call.label("column")
    let column = table.columns.dropFirst().first { column in
      if let wanted { return column.name == wanted }
      if case .number? = column.values.elements.first { return true }
      return false
    }
    guard let column, let first = table.columns.first else {
      let shown = table.columns.dropFirst().map(\.name).joined(separator: ", ")
      throw call.fail(
        wanted.map { "the table has no column '\($0)' behind its names" } ?? "the table has no column of numbers",
        argument: wanted == nil ? "values" : "column",
        help: shown.isEmpty ? "its first column holds the names of the bars" : "behind the names it has \(shown)")
    }
    labels = first.values.elements.map(\.display)
    numbers = try call.figureNumbers(.list(column.values), "values", name: column.name)
    name = column.name
  default: throw call.mismatch("values", expected: "a record of numbers or a table")
  }
  try call.requireFinite([numbers.values], "values")
  guard labels.count <= 200 else {
    throw call.fail(
      "at most 200 bars are drawn, not \(labels.count)", argument: "values", help: "histogram counts them by size")
  }
  return try call.figure(.bars(BarChart(labels: labels, values: numbers.values, xLabel: name, style: numbers.style)))
}

private func scatter(_ call: NativeCall) throws -> Value {
  let (x, y) = (try call.figureNumbers("x"), try call.figureNumbers("y"))
  guard x.values.count == y.values.count else {
    throw call.fail("x holds \(x.values.count) numbers and y \(y.values.count)", argument: "y")
  }
  try call.requireFinite([zip(x.values, y.values).map { $0.isFinite && $1.isFinite ? 0 : .nan }], "x")
  var plot = ScatterPlot(x: x.values, y: y.values, xStyle: x.style, yStyle: y.style)
  if call.isGiven("classes") {
    let classes = try call.list("classes").map(\.display)
    guard classes.count == x.values.count else {
      throw call.fail("\(classes.count) classes for \(x.values.count) points", argument: "classes")
    }
    // In the order of their numbers, or of their first point if they have names.
    var order: [String: Int] = [:]
    for name in classes where order[name] == nil { order[name] = order.count }
    guard order.count <= mostSeries else {
      throw call.fail("at most \(mostSeries) classes are told apart, not \(order.count)", argument: "classes")
    }
    let names = order.keys.sorted { first, second in
      if let left = Double(first), let right = Double(second) { return (left, first) < (right, second) }
      return (order[first] ?? 0) < (order[second] ?? 0)
    }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    plot.classes = classes.map { places[$0] ?? 0 }
    plot.classNames = names
  }
  return try call.figure(.scatter(plot))
}
