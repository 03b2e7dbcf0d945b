/// The names that a cell takes from the cells before it and those that it leaves to the cells after it, as far as its
/// text tells.
public struct CellNames: Sendable {
  /// What the body of a function does when it is called.
  public struct Body: Sendable {
    /// Names from outside of the function, parameters and its own left out.
    public internal(set) var reads: Set<String> = []
    public internal(set) var calls: [Call] = []
  }

  /// A call with the names that it hands over whole, and may therefore change what they stand for.
  public struct Call: Sendable {
    /// None for a callee that is more than a name.
    public let callee: String?
    public let arguments: [String]
    public let labels: Set<String>
  }

  /// Names that may get their value from an earlier cell; `_` for its last result.
  public private(set) var reads: Set<String> = []
  /// Names that the cell assigns, declares or changes in part (`x.a = 1`, `x[0] = 1`); `_` if it has a result.
  public private(set) var binds: Set<String> = []
  /// The calls that run with the cell.
  public private(set) var calls: [Call] = []
  /// The functions and models that it declares, by name: what they read and call when they are called.
  public private(set) var bodies: [String: Body] = [:]
  /// It has a magic, whose effect its text does not tell.
  public private(set) var hasMagic = false

  public init(of cell: Cell) {
    let bindings = Bindings(of: cell.statements)
    var walk = NameWalk(own: Set(bindings.counts.keys))
    walk.visit(cell.statements)
    (reads, calls, bodies, hasMagic) = (walk.body.reads, walk.body.calls, walk.bodies, walk.hasMagic)
    binds = Set(bindings.counts.keys).union(walk.changed)
    if cell.statements.contains(where: { if case .expression = $0.kind { true } else { false } }) { binds.insert("_") }
  }
}

/// Follows the statements of a cell in their order, as the resolver does.
private struct NameWalk {
  /// All names that the cell binds at its top level.
  let own: Set<String>
  /// Those that are bound where the walk stands.
  var bound: Set<String> = []
  var body = CellNames.Body()
  var bodies: [String: CellNames.Body] = [:]
  /// Variables that are changed in part.
  var changed: Set<String> = []
  var hasMagic = false
  private var isInFunction = false

  init(own: Set<String>) { self.own = own }

  private mutating func use(_ name: String) {
    if !bound.contains(name) { body.reads.insert(name) }
  }

  mutating func visit(_ statements: [Statement]) { statements.forEach { visit($0) } }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .magic: hasMagic = true
    case .help, .break, .continue: break
    case .function(let function):
      if let name = function.name {
        bound.insert(name.text)
        declare(name.text, inner(function.parameters, function.body))
      }
    case .model(let model):
      visit(model.inputShape)
      bound.insert(model.name.text)
      declare(model.name.text, inner(model.parameters, model.body))
    case .for(let names, let sequence, let block):
      visit(sequence)
      bound.formUnion(names.map(\.text))
      visit(block.statements)
    case .while(let condition, let block):
      visit(condition)
      visit(block.statements)
    case .return(let value): value.map { visit($0) }
    case .expect(let value), .expression(let value): visit(value)
    case .assign(let targets, let value):
      if targets.count == 1, case .name(let name) = targets[0], case .lambda(let function) = value.kind {
        declare(name.text, inner(function.parameters, function.body))
      }
      visit(value)
      targets.forEach { assign($0) }
    case .compound(let target, _, let value):
      visit(value)
      if case .name(let name) = target {
        use(name.text)
        changed.insert(name.text)
      }
      assign(target)
    }
  }

  private mutating func assign(_ target: Target) {
    switch target {
    case .name(let name): bound.insert(name.text)
    case .field(let base, _): change(base)
    case .index(let base, let indices, _):
      change(base)
      indices.forEachExpression { visit($0) }
    }
  }

  /// A part of a variable gets a new value: the variable is read and changed.
  private mutating func change(_ base: Expression) {
    visit(base)
    var root = base
    while true {
      switch root.kind {
      case .field(let next, _), .index(let next, _): root = next
      case .name(let name):
        changed.insert(name)
        return
      default: return
      }
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): use(name)
    case .lastResult: use("_")
    case .lambda(let function):
      // It may run at once, as in `map`: what it reads and calls counts for the cell too.
      take(inner(function.parameters, function.body))
    case .comprehension(let element, let names, let sequence, let condition):
      visit(sequence)
      let outer = bound
      bound.formUnion(names.map(\.text))
      visit(element)
      condition.map { visit($0) }
      bound = outer
    case .if(let condition, let consequence, let alternative):
      visit(condition)
      visit(consequence.statements)
      alternative.map { visit($0.statements) }
    case .call(let callee, let arguments):
      record(callee, arguments, piped: nil)
      visit(callee)
      arguments.forEach { visit($0.value) }
    case .pipe(let left, let right):
      visit(left)
      if case .call(let callee, let arguments) = right.kind {
        record(callee, arguments, piped: left)
        visit(callee)
        arguments.forEach { visit($0.value) }
      } else {
        record(right, [], piped: left)
        visit(right)
      }
    default:
      var children: [Expression] = []
      expression.kind.forEachChild { children.append($0) }
      children.forEach { visit($0) }
    }
  }

  private mutating func record(_ callee: Expression, _ arguments: [Argument], piped: Expression?) {
    let handed = [piped].compactMap(\.self) + arguments.map(\.value)
    let names = handed.compactMap { if case .name(let name) = $0.kind { name } else { nil } }
    let name: String? = if case .name(let name) = callee.kind { name } else { nil }
    body.calls.append(
      CellNames.Call(callee: name, arguments: names, labels: Set(arguments.compactMap(\.label?.text))))
  }

  /// A function inside of another runs with it, as far as the text tells.
  private mutating func declare(_ name: String, _ inside: CellNames.Body) {
    if isInFunction { take(inside) } else { bodies[name] = inside }
  }

  private mutating func take(_ inside: CellNames.Body) {
    inside.reads.forEach { use($0) }
    body.calls += inside.calls
  }

  /// A function runs later: it sees all names of the cell, and what it binds stays inside.
  private func inner(_ parameters: [Parameter], _ block: Block) -> CellNames.Body {
    var walk = NameWalk(own: own)
    walk.isInFunction = true
    for parameter in parameters { parameter.defaultValue.map { walk.visit($0) } }
    walk.bound = Set(parameters.map(\.name.text)).union(Bindings(of: block.statements).counts.keys)
    walk.visit(block.statements)
    return walk.body
  }
}
