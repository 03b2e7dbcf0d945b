/// The names that a list of statements binds, through loops and `if` but not into functions.
struct Bindings {
  /// How many statements bind each name.
  var counts: [String: Int] = [:]
  /// The functions and models among them.
  var declared: [String: Signature] = [:]

  init(of statements: [Statement]) {
    for statement in statements { collect(statement) }
  }

  private mutating func collect(_ statement: Statement) {
    switch statement.kind {
    case .function(let function):
      if let name = function.name { declare(name.text, function.parameters) }
    case .model(let model): declare(model.name.text, model.parameters)
    case .for(let names, let sequence, let body):
      for name in names { counts[name.text, default: 0] += 1 }
      collect(sequence)
      body.statements.forEach { collect($0) }
    case .while(let condition, let body):
      collect(condition)
      body.statements.forEach { collect($0) }
    case .assign(let targets, let value):
      for case .name(let name) in targets { counts[name.text, default: 0] += 1 }
      collect(value)
    case .compound(_, _, let value): collect(value)
    case .expect(let value), .expression(let value): collect(value)
    case .return(let value): value.map { collect($0) }
    case .magic, .help, .break, .continue: break
    }
  }

  /// The blocks of an `if` bind in the scope around it, wherever in an expression it stands.
  private mutating func collect(_ expression: Expression) {
    switch expression.kind {
    case .if(let condition, let consequence, let alternative):
      collect(condition)
      consequence.statements.forEach { collect($0) }
      alternative?.statements.forEach { collect($0) }
    case .lambda: break
    default:
      var children: [Expression] = []
      expression.kind.forEachChild { children.append($0) }
      for child in children { collect(child) }
    }
  }

  private mutating func declare(_ name: String, _ parameters: [Parameter]) {
    counts[name, default: 0] += 1
    declared[name] = Signature(
      name, parameters.map { Signature.Parameter($0.name.text, isRequired: $0.defaultValue == nil) })
  }
}
