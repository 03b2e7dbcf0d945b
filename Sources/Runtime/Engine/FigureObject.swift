import Figures
import Files
import Language

/// A figure as a script holds it: shown where a bare expression is, printed, saved.
struct FigureObject: ObjectValue {
  let drawn: Figure

  init(_ figure: Figure) { drawn = figure }

  var figure: Figure? { drawn }
  var kindName: String { "a figure" }
  var isDisplay: Bool { true }
  var summary: String { drawn.title.map { "figure \($0.quoted)" } ?? "figure" }
  var fieldNames: [String] { ["title", "summary"] }

  func describe() -> String { TerminalPicture.plain(drawn) }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "title": drawn.title.map(Value.text) ?? Value.none
    case "summary": .text(drawn.summary)
    default: nil
    }
  }

  func replacingField(_ name: String, with value: Value) throws -> (any ObjectValue)? {
    guard name == "title" else { return nil }
    var changed = drawn
    switch value {
    case .text(let title): changed.title = title
    case .none: changed.title = nil
    default: throw Failure("the title of a figure is a text, not \(value.kindName)")
    }
    return FigureObject(changed)
  }

  func compare(_ comparison: ComparisonOperator, _ other: Value, isReversed: Bool) throws -> Value? {
    guard comparison == .equal || comparison == .notEqual, case .object(let object) = other,
      let figure = object as? FigureObject
    else { return nil }
    return .boolean((figure.drawn == drawn) == (comparison == .equal))
  }
}

extension Value {
  /// What is drawn of the value, nil if it is no figure and does not show itself as one.
  var figure: Figure? {
    if case .object(let object) = self { object.figure } else { nil }
  }
}

/// The files that figures are saved in.
enum FigureFile: String, CaseIterable {
  case svg, png

  /// Nil for a path that ends otherwise.
  init?(path: String) {
    guard let found = Self.allCases.first(where: { path.lowercased().hasSuffix(".\($0.rawValue)") }) else { return nil }
    self = found
  }

  /// Writes a figure, whole or not at all.
  func write(_ figure: Figure, to path: String) throws {
    let drawing = Drawing(figure)
    switch self {
    case .svg: try AtomicFile.write(Array(SVG.render(drawing).utf8), to: path)
    case .png: try AtomicFile.write(PNG.encode(drawing.rasterized()), to: path)
    }
  }
}
