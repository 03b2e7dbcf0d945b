import Language

extension Lowering {
  /// The statements of a block in turn; with `wantsValue` that of the last expression is left in the frame.
  func action(_ block: Block, wantsValue: Bool) throws -> Action {
    let last = block.statements.count - 1
    let actions = try block.statements.enumerated().map { position, statement in
      try action(statement, wantsValue: wantsValue && position == last)
    }
    switch actions.count {
    case 0:
      return { frame in
        if wantsValue { frame.value = .none }
        return .normal
      }
    case 1: return actions[0]
    default:
      return { frame in
        for action in actions {
          let completion = try action(frame)
          if completion != .normal { return completion }
        }
        return .normal
      }
    }
  }

  func action(_ statement: Statement, wantsValue: Bool) throws -> Action {
    try descend(at: statement.span) {
      if case .expression(let expression) = statement.kind {
        return try action(expression, wantsValue: wantsValue)
      }
      let action = try effect(statement)
      guard wantsValue else { return action }
      return { frame in
        let completion = try action(frame)
        if completion == .normal { frame.value = .none }
        return completion
      }
    }
  }

  private func action(_ expression: Expression, wantsValue: Bool) throws -> Action {
    if case .if(let condition, let then, let otherwise) = expression.kind {
      return try choice(condition, then, otherwise, wantsValue: wantsValue)
    }
    if let stageSlot, !isInsideValue { return try modelLine(expression, stageSlot) }
    let code = try evaluation(expression)
    guard wantsValue else {
      return { frame in
        _ = try code(frame)
        return .normal
      }
    }
    return { frame in
      frame.value = try code(frame)
      return .normal
    }
  }

  /// A line of a model replaces the stage; an error shows beside it what the stage was before.
  private func modelLine(_ expression: Expression, _ slot: Int) throws -> Action {
    let code = try pipeStage({ $0.slots[slot] ?? .none }, into: expression)
    let source = source
    let span = expression.span
    return { frame in
      do {
        frame.slots[slot] = try code(frame)
      } catch var diagnostic as Diagnostic {
        if diagnostic.source === source, let stage = frame.slots[slot], diagnostic.labels.count == 1 {
          diagnostic.labels.append(
            .init(span, "the stage before this line: \(stage.describe(limit: 80))", isPrimary: false))
        }
        throw diagnostic
      }
      return .normal
    }
  }

  /// `if condition { … } else { … }`
  func choice(_ condition: Expression, _ then: Block, _ otherwise: Block?, wantsValue: Bool) throws -> Action {
    let test = try self.condition(condition, for: "'if'")
    let first = try action(then, wantsValue: wantsValue)
    let second = try action(otherwise ?? Block([], then.span), wantsValue: wantsValue)
    return { frame in try test(frame) ? first(frame) : second(frame) }
  }

  private func effect(_ statement: Statement) throws -> Action {
    switch statement.kind {
    case .function(let declaration):
      guard let name = declaration.name else { return { _ in .normal } }
      return store(try closure(declaration, documentation: statement.documentation), in: name)
    case .model(let declaration):
      return store(try model(declaration, documentation: statement.documentation), in: declaration.name)
    case .for(let names, let sequence, let body): return try loop(names, sequence, body)
    case .while(let test, let body):
      let test = try condition(test, for: "'while'")
      return loop(try action(body, wantsValue: false)) { try test($0) }
    case .return(let expression):
      let code = try expression.map(evaluation) ?? constant(.none)
      return { frame in
        frame.value = try code(frame)
        return .return
      }
    case .break: return { _ in .break }
    case .continue: return { _ in .continue }
    case .expect(let expression): return try expectation(expression)
    case .assign(let targets, let value): return try assignment(targets, value, at: statement.span)
    case .compound(let target, let operation, let value):
      return try compound(target, operation, value, at: statement.span)
    case .magic, .help, .expression:
      throw place(statement.span).diagnostic(Failure("this stands on a line of its own, outside of blocks"))
    }
  }

  private func store(_ code: @escaping Evaluation, in name: Name) -> Action {
    let store = setter(name)
    return { frame in
      store(frame, try code(frame))
      return .normal
    }
  }

  /// Runs a body while the test holds, with an interrupt check a turn.
  private func loop(_ body: @escaping Action, while test: @escaping @Sendable (Frame) throws -> Bool) -> Action {
    { frame in
      while try test(frame) {
        try frame.machine.checkInterrupt()
        switch try completion(of: body, in: frame) {
        case .normal, .continue: continue
        case .break: return .normal
        case .return: return .return
        }
      }
      return .normal
    }
  }

  private func loop(_ names: [Name], _ sequence: Expression, _ body: Block) throws -> Action {
    let code = try evaluation(sequence)
    let place = place(sequence.span)
    let bind = binder(names.map(setter), at: place)
    let turn = try action(body, wantsValue: false)
    return { frame in
      let values = try Elements(of: code(frame), at: place)
      for position in 0..<values.count {
        try frame.machine.checkInterrupt()
        try bind(frame, values[position])
        switch try completion(of: turn, in: frame) {
        case .normal, .continue: continue
        case .break: return .normal
        case .return: return .return
        }
      }
      return .normal
    }
  }

  /// `[element for names in sequence if condition]`; its names are its own.
  func comprehension(
    _ element: Expression, _ names: [Name], _ sequence: Expression, _ test: Expression?, _ place: Place
  ) throws -> Evaluation {
    let code = try evaluation(sequence)
    let sequencePlace = self.place(sequence.span)
    let slots = names.map { scope.bind($0.text) }
    defer { for name in names { scope.unbind(name.text) } }
    let bind = binder(
      slots.map { slot in { frame, value in frame.slots[slot] = value } }, at: sequencePlace)
    let test = try test.map { try condition($0, for: "'if'") }
    let element = try evaluation(element)
    return { frame in
      let values = try Elements(of: code(frame), at: sequencePlace)
      var results: [Value] = []
      for position in 0..<values.count {
        try frame.machine.checkInterrupt()
        try bind(frame, values[position])
        if let test, try !test(frame) { continue }
        results.append(try element(frame))
        if results.count > List.maximumCount { throw place.diagnostic(List.tooLong(results.count)) }
      }
      do { return try .list(results) } catch { throw place.diagnostic(error) }
    }
  }

  /// Gives one name the element, several names its parts.
  private func binder(
    _ setters: [@Sendable (Frame, Value) -> Void], at place: Place
  ) -> @Sendable (Frame, Value) throws -> Void {
    if setters.count == 1 { return setters[0] }
    return { frame, value in
      do {
        for (set, part) in zip(setters, try value.takenApart(into: setters.count)) { set(frame, part) }
      } catch { throw place.diagnostic(error) }
    }
  }

  /// `expect a > b` fails with the values of both sides.
  private func expectation(_ expression: Expression) throws -> Action {
    let place = place(expression.span)
    let text = source.text(in: expression.span)
    guard case .comparison(let first, let links) = expression.kind else {
      let test = try condition(expression, for: "expect")
      return { frame in
        guard try test(frame) else { throw place.diagnostic(Failure("expect failed: \(text)")) }
        return .normal
      }
    }
    // The operands are evaluated once and kept, so that a failure can show them.
    let operands = try ([first] + links.map(\.operand)).map { (code: try evaluation($0), span: $0.span) }
    let comparisons = links.map(\.comparison)
    return { frame in
      let values = try operands.map { try $0.code(frame) }
      for (position, comparison) in comparisons.enumerated() {
        let outcome: Value
        do {
          outcome = try Value.compare(comparison, values[position], values[position + 1])
        } catch { throw place.diagnostic(error) }
        guard case .boolean(true) = outcome else {
          var failure = Diagnostic(.error, "expect failed: \(text)", source: place.source)
          failure.cell = place.cell
          failure.labels = zip(operands, values).enumerated().map { side, operand in
            .init(operand.0.span, "is \(operand.1.describe(limit: 200))", isPrimary: side == position)
          }
          throw failure
        }
      }
      return .normal
    }
  }
}

/// How a loop's turn ended, also where `break` or `continue` stood inside an expression.
private func completion(of action: Action, in frame: Frame) throws -> Completion {
  do {
    return try action(frame)
  } catch let transfer as ControlTransfer {
    return transfer.completion
  }
}

/// What a loop walks over: a range computes its numbers, everything else is an array.
private struct Elements {
  private let range: NumberRange?
  private let array: [Value]
  let count: Int

  init(of value: Value, at place: Place) throws {
    if case .range(let range) = value {
      self.range = range
      array = []
      count = range.count
      return
    }
    range = nil
    do { array = try value.elements() } catch { throw place.diagnostic(error) }
    count = array.count
  }

  subscript(position: Int) -> Value {
    if let range { .number(range.number(at: position), range.style) } else { array[position] }
  }
}
