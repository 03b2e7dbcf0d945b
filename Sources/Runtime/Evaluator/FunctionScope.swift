import Language

/// The names that are visible while a cell or a function is lowered, and the slots of its frame.
final class FunctionScope {
  /// The function or cell around this one.
  let outer: FunctionScope?
  private(set) var slotCount = 0
  /// For each captured value the slot in the outer frame and the slot here.
  private(set) var captures: [(outer: Int, inner: Int)] = []
  private var bindings: [String: [Int]] = [:]

  init(outer: FunctionScope?) { self.outer = outer }

  /// Binds a name to a new slot until `unbind`.
  func bind(_ name: String) -> Int {
    let slot = newSlot()
    bindings[name, default: []].append(slot)
    return slot
  }

  func unbind(_ name: String) { _ = bindings[name]?.popLast() }

  /// A slot without a name.
  func newSlot() -> Int {
    slotCount += 1
    return slotCount - 1
  }

  /// The slot of a name; a name of the function around is captured. Nil means a name of the session.
  func slot(of name: String) -> Int? {
    if let slot = bindings[name]?.last { return slot }
    guard let outer, let source = outer.slot(of: name) else { return nil }
    let slot = newSlot()
    bindings[name] = [slot]
    captures.append((source, slot))
    return slot
  }

  func binds(_ name: String) -> Bool { bindings[name]?.isEmpty == false }
}

/// Finds the names that statements bind in their own scope: assigned, looped over or declared, not those of lambdas.
struct Definitions {
  private(set) var names: [String] = []
  /// How the declared functions and models are called.
  private(set) var signatures: [String: Signature] = [:]
  private var seen: Set<String> = []

  init(in statements: [Statement]) { add(statements) }

  private mutating func add(_ name: String) {
    if seen.insert(name).inserted { names.append(name) }
  }

  private mutating func add(_ statements: [Statement]) {
    for statement in statements { add(statement) }
  }

  private mutating func add(_ statement: Statement) {
    switch statement.kind {
    case .function(let declaration):
      if let name = declaration.name { declare(name.text, declaration.parameters) }
    case .model(let declaration): declare(declaration.name.text, declaration.parameters)
    case .for(let names, let sequence, let body):
      for name in names { add(name.text) }
      add(sequence)
      add(body.statements)
    case .while(let condition, let body):
      add(condition)
      add(body.statements)
    case .assign(let targets, let value):
      for case .name(let name) in targets { add(name.text) }
      add(value)
    case .compound(let target, _, let value):
      if case .name(let name) = target { add(name.text) }
      add(value)
    case .expression(let value), .expect(let value): add(value)
    case .return(let value): if let value { add(value) }
    case .magic, .help, .break, .continue: break
    }
  }

  private mutating func declare(_ name: String, _ parameters: [Parameter]) {
    add(name)
    signatures[name] = Signature(
      name, parameters.map { .init($0.name.text, isRequired: $0.defaultValue == nil) })
  }

  /// Only the blocks of `if` can bind names inside an expression.
  private mutating func add(_ expression: Expression) {
    switch expression.kind {
    case .if(let condition, let then, let otherwise):
      add(condition)
      add(then.statements)
      if let otherwise { add(otherwise.statements) }
    case .pipe(let left, let right), .and(let left, let right), .or(let left, let right),
      .binary(_, let left, let right, _):
      add(left)
      add(right)
    case .call(let callee, let arguments):
      add(callee)
      for argument in arguments { add(argument.value) }
    case .unary(_, let operand), .field(let operand, _), .index(let operand, _): add(operand)
    case .comparison(let first, let links):
      add(first)
      for link in links { add(link.operand) }
    case .list(let elements): for element in elements { add(element) }
    case .record(let fields): for field in fields { add(field.value) }
    default: break
    }
  }
}
