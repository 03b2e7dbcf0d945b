/// Finds what is certain to fail before a cell runs: unknown names, wrong arguments, statements out of place.
///
/// What might be right at run time is never reported: a name that a loop assigns counts in the whole loop, a function
/// may use every name of its cell, and a callee that could be anything is not checked.
public struct Resolver {
  let scope: any NameScope
  let source: Source
  var diagnostics: [Diagnostic] = []
  /// Names that may be bound where the walk stands; a function's body adds its own.
  var bound: Set<String> = []
  /// Every name that the cell binds anywhere, at its top level.
  var cellNames: Set<String> = []
  /// Functions and models of the cell whose names stand for nothing else.
  var signatures: [String: Signature] = [:]
  /// After `:include` or `:open` any name may exist.
  var knowsAllNames = true
  var loopDepth = 0
  var isInFunction = false
  var isInModel = false
  private var shadowed: Set<String> = []

  /// The diagnostics of a parsed cell, given the names that exist before it runs.
  public static func check(_ cell: Cell, in scope: any NameScope, source: Source) -> [Diagnostic] {
    var resolver = Resolver(scope: scope, source: source)
    resolver.collect(cell.statements)
    resolver.visit(cell.statements)
    for index in resolver.diagnostics.indices { resolver.diagnostics[index].cell = cell.number }
    return resolver.diagnostics
  }

  private init(scope: any NameScope, source: Source) {
    self.scope = scope
    self.source = source
  }

  private mutating func collect(_ statements: [Statement]) {
    let bindings = Bindings(of: statements)
    cellNames = Set(bindings.counts.keys)
    bound = Set(bindings.declared.keys)
    // A name from before the cell may still be meant above the line that declares it anew.
    for (name, signature) in bindings.declared where bindings.counts[name] == 1 && !scope.contains(name) {
      signatures[name] = signature
    }
  }

  // MARK: - Reporting

  mutating func report(
    _ severity: Diagnostic.Severity = .error, _ message: String, at span: Span, label: String = "", help: [String] = []
  ) {
    diagnostics.append(Diagnostic(severity, message, at: span, label: label, help: help, source: source))
  }

  func didYouMean(_ word: String, _ candidates: some Sequence<String>) -> String {
    EditDistance.closest(to: word, among: candidates).map { "did you mean '\($0)'?" } ?? ""
  }

  // MARK: - Names

  func isKnown(_ name: String) -> Bool {
    if bound.contains(name) || scope.contains(name) || !knowsAllNames { return true }
    // _1, _2, … are results on record; whether they exist is known when the cell runs.
    return name.first == "_" && name.dropFirst().allSatisfy(\.isNumber)
  }

  mutating func use(_ name: String, at span: Span) {
    guard !isKnown(name) else { return }
    if cellNames.contains(name) {
      return report(
        .error, "'\(name)' is used before it gets a value", at: span, label: "gets its value further down")
    }
    let foreign = ForeignWords.help(forName: name)
    let label = foreign == nil ? didYouMean(name, bound.union(scope.names)) : ""
    // A near name is help enough.
    let help = foreign ?? (label.isEmpty ? "\(name) = ... gives it a value; ? lists the names there are" : nil)
    report(.error, "'\(name)' is unknown", at: span, label: label, help: help.map { [$0] } ?? [])
  }

  mutating func bind(_ name: Name) {
    if !bound.contains(name.text), scope.isNative(name.text), shadowed.insert(name.text).inserted {
      report(
        .note, "'\(name.text)' hides the built-in function of that name", at: name.span,
        help: ["choose another name to keep both"])
    }
    bound.insert(name.text)
  }

  // MARK: - Statements

  mutating func visit(_ statements: [Statement]) {
    for statement in statements { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .magic(let name, _): visitMagic(name)
    case .help: break
    case .function(let function):
      bind(function.name ?? Name("", function.span))
      visit(function)
    case .model(let model): visit(model)
    case .for(let names, let sequence, let body):
      visit(sequence)
      names.forEach { bind($0) }
      visitLoop(body)
    case .while(let condition, let body):
      bindLoopNames(body)
      visit(condition)
      visitLoop(body)
    case .return(let value):
      if !isInFunction { report(.error, "'return' stands outside of a function", at: statement.span) }
      value.map { visit($0) }
    case .break, .continue:
      if loopDepth == 0 {
        report(.error, "'\(source.text(in: statement.span))' stands outside of a loop", at: statement.span)
      }
    case .expect(let value): visit(value)
    case .assign(let targets, let value):
      visit(value)
      targets.forEach { visit($0, isNew: true) }
    case .compound(let target, _, let value):
      visit(value)
      visit(target, isNew: false)
    case .expression(let value): visitLine(value)
    }
  }

  private mutating func visitMagic(_ name: Name) {
    if ["include", "open"].contains(name.text) { knowsAllNames = false }
    guard !scope.magics.contains(name.text) else { return }
    let meant = EditDistance.closest(to: name.text, among: scope.magics).map { "did you mean ':\($0)'?" }
    report(
      .error, "':\(name.text)' is no command", at: name.span, label: meant ?? "", help: [":help lists the commands"])
  }

  private mutating func visitLoop(_ body: Block) {
    bindLoopNames(body)
    loopDepth += 1
    visit(body.statements)
    loopDepth -= 1
  }

  /// A name that a loop assigns may come from the round before; a native's name gets its note where it is assigned.
  private mutating func bindLoopNames(_ body: Block) {
    bound.formUnion(Bindings(of: body.statements).counts.keys.filter { !scope.isNative($0) })
  }

  private mutating func visit(_ target: Target, isNew: Bool) {
    switch target {
    case .name(let name): if isNew { bind(name) } else { use(name.text, at: name.span) }
    case .field(let base, _): visit(base)
    case .index(let base, let indices, _):
      visit(base)
      indices.forEachExpression { visit($0) }
    }
  }

  // MARK: - Functions and models

  private mutating func visit(_ parameters: [Parameter]) {
    var seen: Set<String> = []
    for parameter in parameters {
      parameter.defaultValue.map { visit($0) }
      if !seen.insert(parameter.name.text).inserted {
        report(.error, "two parameters are named '\(parameter.name.text)'", at: parameter.name.span)
      }
      bound.insert(parameter.name.text)
    }
  }

  /// A body runs later: it may use every name of its cell, and what it binds stays inside.
  mutating func visit(_ function: FunctionDeclaration) {
    let outer = (bound, signatures, loopDepth, isInFunction, isInModel)
    let inner = Bindings(of: function.body.statements)
    bound.formUnion(cellNames)
    visit(function.parameters)
    bound.formUnion(inner.counts.keys)
    for name in inner.counts.keys { signatures[name] = nil }
    for parameter in function.parameters { signatures[parameter.name.text] = nil }
    (loopDepth, isInFunction, isInModel) = (0, true, false)
    visit(function.body.statements)
    (bound, signatures, loopDepth, isInFunction, isInModel) = outer
  }

  private mutating func visit(_ model: ModelDeclaration) {
    bind(model.name)
    let outer = (bound, signatures, loopDepth, isInFunction, isInModel)
    let inner = Bindings(of: model.body.statements)
    bound.formUnion(cellNames)
    visit(model.parameters)
    visit(model.inputShape)
    for name in inner.counts.keys { signatures[name] = nil }
    for parameter in model.parameters { signatures[parameter.name.text] = nil }
    (loopDepth, isInFunction, isInModel) = (0, false, true)
    visit(model.body.statements)
    (bound, signatures, loopDepth, isInFunction, isInModel) = outer
  }
}
