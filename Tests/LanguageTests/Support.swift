@testable import Language

/// A scope with a few natives, as the engine would bind them.
struct TestScope: NameScope {
  static let signatures = [
    Signature("conv", required("x", "channels", "kernel") + optional("stride")),
    Signature("norm", required("x") + optional("kind", "passport")),
    Signature("relu", required("x")), Signature("flatten", required("x")), Signature("add", required("x", "y")),
    Signature("maxpool", required("x", "kernel")), Signature("dense", required("x", "width")),
    Signature("train", required("net", "data") + optional("epochs", "batch", "seed")),
    Signature("print", [], isVariadic: true),
  ]

  var names: [String] { Self.signatures.map(\.name) + ["data"] }
  var magics: [String] { ["help", "vars", "include", "quit"] }
  func contains(_ name: String) -> Bool { names.contains(name) }
  func signature(of name: String) -> Signature? { Self.signatures.first { $0.name == name } }
  func isNative(_ name: String) -> Bool { signature(of: name) != nil }

  private static func required(_ labels: String...) -> [Signature.Parameter] {
    labels.map { Signature.Parameter($0, isRequired: true) }
  }

  private static func optional(_ labels: String...) -> [Signature.Parameter] {
    labels.map { Signature.Parameter($0, isRequired: false) }
  }
}

/// Cuts `1️⃣` out of a text and says at which byte it stood.
func marked(_ text: String) -> (text: String, offset: Int) {
  let parts = text.split(separator: "1️⃣", maxSplits: 1, omittingEmptySubsequences: false)
  return (parts.joined(), parts[0].utf8.count)
}

func parse(_ text: String) -> (cell: Cell, diagnostics: [Diagnostic]) {
  Parser.parseCell(Source(name: "test", text: text), number: 1)
}

/// The messages of the resolver, behind those of the parser.
func check(_ text: String) -> [Diagnostic] {
  let source = Source(name: "test", text: text)
  let (cell, diagnostics) = Parser.parseCell(source, number: 1)
  return diagnostics + Resolver.check(cell, in: TestScope(), source: source)
}

/// The tree of an expression as nested lists, to compare precedence at a glance.
func shape(_ expression: Expression) -> String {
  func list(_ head: String, _ parts: [Expression]) -> String {
    "(" + ([head] + parts.map(shape)).joined(separator: " ") + ")"
  }
  switch expression.kind {
  case .number(let value, let unit): return "\(value)\(unit.rawValue)"
  case .boolean(let value): return "\(value)"
  case .none: return "none"
  case .lastResult: return "_"
  case .name(let name): return name
  case .unary(let operation, let operand): return list(operation.rawValue, [operand])
  case .binary(let operation, let left, let right, _): return list(operation.rawValue, [left, right])
  case .and(let left, let right): return list("and", [left, right])
  case .or(let left, let right): return list("or", [left, right])
  case .pipe(let left, let right): return list("|>", [left, right])
  case .comparison(let first, let links):
    return list(links.map(\.comparison.rawValue).joined(), [first] + links.map(\.operand))
  case .call(let callee, let arguments):
    return list("call", [callee]).dropLast()
      + arguments.map { " " + ($0.label.map { $0.text + ":" } ?? "") + shape($0.value) }.joined() + ")"
  case .field(let base, let name): return "(." + name.text + " " + shape(base) + ")"
  case .index(let base, let indices):
    let parts = indices.map { if case .expression(let value) = $0 { shape(value) } else { ":" } }
    return "(index " + ([shape(base)] + parts).joined(separator: " ") + ")"
  case .range(let lower, let upper, let isClosed, let step):
    return list(isClosed ? ".." : "..<", [lower, upper] + (step.map { [$0] } ?? []))
  case .list(let elements): return list("list", elements)
  case .matrix(let rows): return "(matrix " + rows.map { list("row", $0) }.joined(separator: " ") + ")"
  case .record(let fields): return "(record" + fields.map { " " + $0.name.text + ":" + shape($0.value) }.joined() + ")"
  case .comprehension(let element, let names, let sequence, let condition):
    return list(
      "each " + names.map(\.text).joined(separator: ","), [element, sequence] + (condition.map { [$0] } ?? []))
  case .lambda(let function): return "(fn " + function.parameters.map(\.name.text).joined(separator: ",") + ")"
  case .if(let condition, _, let alternative): return list(alternative == nil ? "if" : "if-else", [condition])
  case .string(let parts):
    return "(string"
      + parts.map {
        switch $0 {
        case .text(let text): " '\(text)'"
        case .interpolation(let value, let format): " {\(shape(value))\(format.map { ":" + $0 } ?? "")}"
        }
      }.joined() + ")"
  }
}
