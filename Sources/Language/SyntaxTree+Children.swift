extension Expression.Kind {
  /// Visits the expressions directly inside, in the order of the source.
  public func forEachChild(_ visit: (Expression) -> Void) {
    switch self {
    case .number, .boolean, .none, .lastResult, .name: break
    case .string(let parts):
      for case .interpolation(let value, _) in parts { visit(value) }
    case .list(let elements): elements.forEach(visit)
    case .comprehension(let element, _, let sequence, let condition):
      visit(element)
      visit(sequence)
      condition.map(visit)
    case .matrix(let rows): rows.forEach { $0.forEach(visit) }
    case .record(let fields): fields.forEach { visit($0.value) }
    case .lambda(let function): function.forEachChild(visit)
    case .if(let condition, let consequence, let alternative):
      visit(condition)
      consequence.forEachChild(visit)
      alternative?.forEachChild(visit)
    case .call(let callee, let arguments):
      visit(callee)
      arguments.forEach { visit($0.value) }
    case .index(let base, let indices):
      visit(base)
      indices.forEachExpression(visit)
    case .field(let base, _), .unary(_, let base): visit(base)
    case .pipe(let left, let right), .and(let left, let right), .or(let left, let right),
      .binary(_, let left, let right, _):
      visit(left)
      visit(right)
    case .comparison(let first, let links):
      visit(first)
      links.forEach { visit($0.operand) }
    case .range(let lower, let upper, _, let step):
      visit(lower)
      visit(upper)
      step.map(visit)
    }
  }
}

extension Block {
  /// Visits the outermost expressions of every statement, those of inner blocks too.
  public func forEachChild(_ visit: (Expression) -> Void) {
    statements.forEach { $0.forEachChild(visit) }
  }
}

extension FunctionDeclaration {
  func forEachChild(_ visit: (Expression) -> Void) {
    parameters.forEach { $0.defaultValue.map(visit) }
    body.forEachChild(visit)
  }
}

extension Statement {
  func forEachChild(_ visit: (Expression) -> Void) {
    switch kind {
    case .magic, .help, .break, .continue: break
    case .function(let function): function.forEachChild(visit)
    case .model(let model):
      model.parameters.forEach { $0.defaultValue.map(visit) }
      visit(model.inputShape)
      model.body.forEachChild(visit)
    case .for(_, let sequence, let body):
      visit(sequence)
      body.forEachChild(visit)
    case .while(let condition, let body):
      visit(condition)
      body.forEachChild(visit)
    case .return(let value): value.map(visit)
    case .expect(let value), .expression(let value): visit(value)
    case .assign(let targets, let value):
      targets.forEach { $0.forEachChild(visit) }
      visit(value)
    case .compound(let target, _, let value):
      target.forEachChild(visit)
      visit(value)
    }
  }
}

extension Target {
  func forEachChild(_ visit: (Expression) -> Void) {
    switch self {
    case .name: break
    case .field(let base, _): visit(base)
    case .index(let base, let indices, _):
      visit(base)
      indices.forEachExpression(visit)
    }
  }
}

extension [Index] {
  func forEachExpression(_ visit: (Expression) -> Void) {
    for case .expression(let expression) in self { visit(expression) }
  }
}
