import Language

extension Lowering {
  /// Stores into a variable of the function, or else of the session.
  func setter(_ name: Name) -> @Sendable (Frame, Value) -> Void {
    if let slot = scope.slot(of: name.text) {
      return { frame, value in frame.slots[slot] = value }
    }
    let slot = machine.slot(of: name.text)
    return { frame, value in frame.machine.globals[slot] = value }
  }

  /// `a = value` takes it whole; `a, b = value` takes a list apart.
  func assignment(_ targets: [Target], _ value: Expression, at span: Span) throws -> Action {
    let code = try evaluation(value)
    if targets.count == 1, case .name(let name) = targets[0] {
      let store = setter(name)
      return { frame in
        store(frame, try code(frame))
        return .normal
      }
    }
    let stores = try targets.map { try storage($0) { part, value in part = value } }
    let place = place(value.span)
    return { frame in
      let value = try code(frame)
      guard stores.count > 1 else {
        try stores[0](frame, value)
        return .normal
      }
      let parts: [Value]
      do { parts = try value.takenApart(into: stores.count) } catch { throw place.diagnostic(error) }
      for (store, part) in zip(stores, parts) { try store(frame, part) }
      return .normal
    }
  }

  /// `target += value` and its kin.
  func compound(
    _ target: Target, _ operation: BinaryOperator, _ value: Expression, at span: Span
  ) throws -> Action {
    let code = try evaluation(value)
    let place = place(span)
    let store = try storage(target) { part, value in
      do { try part.combine(operation, value) } catch { throw place.diagnostic(error) }
    }
    return { frame in
      try store(frame, try code(frame))
      return .normal
    }
  }

  /// Code that changes the part a target names, in place.
  private func storage(
    _ target: Target, _ change: @escaping @Sendable (inout Value, Value) throws -> Void
  ) throws -> @Sendable (Frame, Value) throws -> Void {
    var path: [@Sendable (Frame) throws -> Value.Step] = []
    let (root, place) = try root(of: target, &path)
    let local = scope.slot(of: root.text)
    let global = local == nil ? machine.slot(of: root.text) : 0
    let name = root.text
    let steps = path
    return { frame, value in
      let steps = try steps.map { try $0(frame) }
      let found = local.map { frame.slots[$0] } ?? frame.machine.globals[global]
      guard var variable = found else {
        throw place.diagnostic(Failure("'\(name)' has no value yet", help: "give it one first: \(name) = …"))
      }
      // The slot is emptied while the value changes, so that a list is not copied.
      if let local { frame.slots[local] = Value.none } else { frame.machine.globals[global] = Value.none }
      defer { if let local { frame.slots[local] = variable } else { frame.machine.globals[global] = variable } }
      do {
        try variable.update(steps[...]) { try change(&$0, value) }
      } catch { throw place.diagnostic(error) }
    }
  }

  /// The variable at the start of a target; the steps from it are added to the path.
  private func root(
    of target: Target, _ path: inout [@Sendable (Frame) throws -> Value.Step]
  ) throws -> (Name, Place) {
    switch target {
    case .name(let name): return (name, place(name.span))
    case .field(let owner, let name):
      let root = try root(of: owner, &path)
      path.append { _ in .field(name.text) }
      return (root, place(owner.span.union(name.span)))
    case .index(let owner, let indices, let span):
      let root = try root(of: owner, &path)
      let axes = try indices.map(axis)
      path.append { frame in .index(try axes.map { try $0(frame) }) }
      return (root, place(span))
    }
  }

  private func root(
    of expression: Expression, _ path: inout [@Sendable (Frame) throws -> Value.Step]
  ) throws -> Name {
    try descend(at: expression.span) {
      switch expression.kind {
      case .name(let name): return Name(name, expression.span)
      case .field(let owner, let name):
        let root = try root(of: owner, &path)
        path.append { _ in .field(name.text) }
        return root
      case .index(let owner, let indices):
        let root = try root(of: owner, &path)
        let axes = try indices.map(axis)
        path.append { frame in .index(try axes.map { try $0(frame) }) }
        return root
      default:
        throw place(expression.span).diagnostic(
          Failure("only a variable, its fields and its elements can be assigned", help: "give this a name first"))
      }
    }
  }
}

extension Value {
  /// `self op= other`; lists grow in place.
  fileprivate mutating func combine(_ operation: BinaryOperator, _ other: Value) throws {
    if operation == .add, case .list(var list) = self, case .list(let more) = other {
      self = .none
      defer { self = .list(list) }
      return try list.append(contentsOf: more)
    }
    self = try Value.binary(operation, self, other)
  }
}
