extension Resolver {
  /// An expression that is a whole line; in a model the line before it is piped into its first call.
  mutating func visitLine(_ expression: Expression) {
    guard isInModel else { return visit(expression) }
    switch expression.kind {
    case .call(let callee, let arguments): visitCall(callee, arguments, piped: nil)
    case .pipe(let left, let right):
      visitLine(left)
      visitPiped(right)
    case .if: visitIf(expression)
    default: visit(expression)
    }
  }

  /// Walks an expression whose value is used as it stands.
  mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): use(name, at: expression.span)
    case .lambda(let function): visit(function)
    case .call(let callee, let arguments): visitCall(callee, arguments, piped: 0)
    case .pipe(let left, let right):
      visit(left)
      visitPiped(right)
    case .comprehension(let element, let names, let sequence, let condition):
      visit(sequence)
      let outer = (bound, signatures)
      for name in names {
        bound.insert(name.text)
        signatures[name.text] = nil
      }
      visit(element)
      condition.map { visit($0) }
      (bound, signatures) = outer
    case .if: visitIf(expression)
    default:
      var children: [Expression] = []
      expression.kind.forEachChild { children.append($0) }
      for child in children { visit(child) }
    }
  }

  private mutating func visitIf(_ expression: Expression) {
    guard case .if(let condition, let consequence, let alternative) = expression.kind else { return }
    visit(condition)
    visit(consequence.statements)
    alternative.map { visit($0.statements) }
  }

  private mutating func visitPiped(_ step: Expression) {
    switch step.kind {
    case .call(let callee, let arguments): visitCall(callee, arguments, piped: 1)
    case .name: visitCall(step, [], piped: 1)
    default: visit(step)
    }
  }

  /// `piped` counts the values that a pipe puts before the arguments; none says that there may be one.
  private mutating func visitCall(_ callee: Expression, _ arguments: [Argument], piped: Int?) {
    visit(callee)
    for argument in arguments { visit(argument.value) }
    var labels: Set<String> = []
    for label in arguments.compactMap(\.label) where !labels.insert(label.text).inserted {
      report(.error, "the argument '\(label.text)' is given twice", at: label.span)
    }
    guard case .name(let name) = callee.kind, let signature = certainSignature(of: name) else { return }
    check(arguments, against: signature, at: callee.span, piped: piped)
  }

  /// How a name can be called, if it is certain what it stands for when the call runs.
  private func certainSignature(of name: String) -> Signature? {
    if let own = signatures[name] { return own }
    guard knowsAllNames, !bound.contains(name), !cellNames.contains(name) else { return nil }
    return scope.signature(of: name)
  }

  private mutating func check(_ arguments: [Argument], against signature: Signature, at span: Span, piped: Int?) {
    let parameters = signature.parameters
    let labelled = arguments.compactMap(\.label)
    let positional = arguments.filter { $0.label == nil }
    let hasUnknownLabel = checkLabels(labelled, of: signature)

    let fewest = positional.count + (piped ?? 0)
    if fewest > parameters.count, !signature.isVariadic {
      let extra = positional[max(0, positional.count - (fewest - parameters.count))...].first?.value.span ?? span
      let most = parameters.isEmpty ? "no arguments" : "at most \(parameters.count) argument\(parameters.count == 1 ? "" : "s")"
      report(
        .error, "\(signature.name) takes \(most)", at: extra, label: piped == 1 ? "the piped value counts too" : "",
        help: [usage(signature)])
      return
    }
    // A variadic callee takes its positional arguments as it likes.
    guard !signature.isVariadic else { return }
    for label in labelled where parameters.prefix(fewest).contains(where: { $0.label == label.text }) {
      report(
        .error, "the argument '\(label.text)' of \(signature.name) is given twice", at: label.span,
        label: "already given by position", help: [usage(signature)])
    }
    guard !hasUnknownLabel else { return }
    let given = positional.count + (piped ?? 1)
    let names = Set(labelled.map(\.text))
    let missing = parameters.dropFirst(given).filter { $0.isRequired && !names.contains($0.label) }.map(\.label)
    if !missing.isEmpty {
      let list = missing.map { "'\($0)'" }.joined(separator: ", ")
      report(.error, "\(signature.name) needs the argument\(missing.count == 1 ? "" : "s") \(list)", at: span, help: [usage(signature)])
    }
  }

  private mutating func checkLabels(_ labels: [Name], of signature: Signature) -> Bool {
    guard !signature.takesAnyLabel else { return false }
    let known = signature.parameters.map(\.label)
    let unknown = labels.filter { !known.contains($0.text) }
    for label in unknown {
      let meant = didYouMean(label.text, known)
      report(
        .error, "'\(label.text)' is no argument of \(signature.name)", at: label.span, label: meant,
        help: meant.isEmpty ? [usage(signature)] : [])
    }
    return !unknown.isEmpty
  }

  private func usage(_ signature: Signature) -> String {
    let parameters = signature.parameters.map { $0.isRequired ? $0.label : "\($0.label): …" }
    return "\(signature.name)(\(parameters.joined(separator: ", ")))"
  }
}
