import Language

extension Lowering {
  /// `f(a, label: b)`; a piped value goes before the other arguments.
  func call(
    _ callee: Expression, _ arguments: [Argument], piped: (code: Evaluation, span: Span)?, _ place: Place
  ) throws -> Evaluation {
    let target = try evaluation(callee)
    var positional: [Evaluation] = piped.map { [$0.code] } ?? []
    var labelled: [(label: String, code: Evaluation)] = []
    var site = CallSite(place: place, positional: piped.map { [$0.span] } ?? [], labelled: [:])
    for argument in arguments {
      let code = try evaluation(argument.value)
      if let label = argument.label {
        labelled.append((label.text, code))
        site.labelled[label.text] = label.span.union(argument.value.span)
      } else {
        positional.append(code)
        site.positional.append(argument.value.span)
      }
    }
    let (values, labels, callSite) = (positional, labelled, site)
    return { frame in
      let callee = try target(frame)
      var arguments = Arguments()
      arguments.positional.reserveCapacity(values.count)
      for value in values { arguments.positional.append(try value(frame)) }
      for (label, code) in labels { arguments.labelled.append((label, try code(frame))) }
      do {
        return try frame.machine.call(callee, arguments)
      } catch { throw callSite.diagnostic(error, calling: callee) }
    }
  }

  /// `left |> f(b)` is `f(left, b)`, and `left |> f` is `f(left)`.
  func pipe(_ left: (code: Evaluation, span: Span), into right: Expression, _ place: Place) throws -> Evaluation {
    let place = self.place(right.span)
    if case .call(let callee, let arguments) = right.kind {
      return try call(callee, arguments, piped: left, place)
    }
    return try call(right, [], piped: left, place)
  }

  /// A line of a model: the stage so far goes into the first step of its pipe, unless the line takes it with `_`.
  func pipeStage(_ stage: @escaping Evaluation, into expression: Expression) throws -> Evaluation {
    try descend(at: expression.span) {
      switch expression.kind {
      case .pipe(let left, let right):
        return try pipe((try pipeStage(stage, into: left), left.span), into: right, place(expression.span))
      case .lastResult:
        return stage
      default:
        return try pipe((stage, expression.span), into: expression, place(expression.span))
      }
    }
  }

  /// Code that makes a function with what it captures here and now.
  func closure(_ declaration: FunctionDeclaration, documentation: String?) throws -> Evaluation {
    let place = place(declaration.span)
    return try function(
      named: declaration.name, declaration.parameters, declaration.body, isModel: false, documentation, place
    ) { try self.body($0) }
  }

  /// `model name(parameters) on shape { … }`: an input stage, the lines piped one into the next, the finished model.
  func model(_ declaration: ModelDeclaration, documentation: String?) throws -> Evaluation {
    let name = declaration.name.text
    let place = place(declaration.span)
    return try function(
      named: declaration.name, declaration.parameters, declaration.body, isModel: true, documentation, place
    ) { block in
      let shape = try self.evaluation(declaration.inputShape)
      let shapePlace = self.place(declaration.inputShape.span)
      let namePlace = self.place(declaration.name.span)
      let slot = self.scope.newSlot()
      self.stageSlot = slot
      let lines = try self.action(block, wantsValue: false)
      return { frame in
        guard let composition = frame.machine.session.options.composition else {
          throw namePlace.diagnostic(Failure("this session has no engine to compose models with"))
        }
        let input = try shape(frame)
        do { frame.slots[slot] = try composition.inputStage(input) } catch { throw shapePlace.diagnostic(error) }
        if try lines(frame) == .return { frame.slots[slot] = frame.value }
        do {
          return try composition.finish(
            frame.slots[slot] ?? .none, name: name, seed: frame.machine.session.seed)
        } catch { throw namePlace.diagnostic(error) }
      }
    }
  }

  /// Opens a scope for a function, lowers its parts in it, and closes over what it captured.
  private func function(
    named name: Name?, _ parameters: [Parameter], _ block: Block, isModel: Bool, _ documentation: String?,
    _ place: Place, body: (Block) throws -> Evaluation
  ) throws -> Evaluation {
    let outer = scope
    let (outerStage, wasInsideValue) = (stageSlot, isInsideValue)
    let inner = FunctionScope(outer: outer)
    scope = inner
    (stageSlot, isInsideValue) = (nil, false)
    defer {
      scope = outer
      (stageSlot, isInsideValue) = (outerStage, wasInsideValue)
    }
    for parameter in parameters { _ = inner.bind(parameter.name.text) }
    var ownSlot: Int?
    if let name, outer.binds(name.text), !inner.binds(name.text) { ownSlot = inner.bind(name.text) }
    for local in Definitions(in: block.statements).names where !inner.binds(local) { _ = inner.bind(local) }

    let lowered = try parameters.map {
      UserFunction.Code.Parameter(name: $0.name.text, defaultValue: try $0.defaultValue.map { try self.evaluation($0) })
    }
    let evaluation = try body(block)
    let code = UserFunction.Code(
      name: name?.text, parameters: lowered, slotCount: inner.slotCount,
      capturedSlots: inner.captures.map(\.inner), ownSlot: ownSlot, body: evaluation, isModel: isModel,
      documentation: documentation, place: place)
    let sources = inner.captures.map(\.outer)
    return { frame in
      do {
        return .function(try UserFunction(code, captured: sources.map { frame.slots[$0] }))
      } catch { throw place.diagnostic(error) }
    }
  }

  /// The body of a function; a single expression needs no statement around it.
  private func body(_ block: Block) throws -> Evaluation {
    if block.statements.count == 1, case .expression(let expression) = block.statements[0].kind {
      return try evaluation(expression)
    }
    let action = try action(block, wantsValue: true)
    return { frame in
      _ = try action(frame)
      return frame.value
    }
  }
}

/// Where the arguments of a call stand, for messages.
struct CallSite: Sendable {
  let place: Place
  var positional: [Span]
  var labelled: [String: Span]

  /// The error at the argument it names, else at the call; errors inside a script's function get a line of trace.
  func diagnostic(_ error: any Error, calling callee: Value) -> any Error {
    switch callee {
    case .function(let function):
      if error is Diagnostic { return place.traced(error, through: function.name) }
      return place.diagnostic(error, arguments: spans(for: function.code.parameters.map(\.name)))
    case .native(let native):
      return place.diagnostic(error, arguments: spans(for: native.parameters.map(\.label)))
    default:
      return place.diagnostic(error, arguments: labelled)
    }
  }

  private func spans(for labels: [String]) -> [String: Span] {
    labelled.merging(zip(labels, positional)) { labelled, _ in labelled }
  }
}
