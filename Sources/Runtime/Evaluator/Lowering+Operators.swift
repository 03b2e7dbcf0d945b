import Language

extension Lowering {
  func binary(
    _ operation: BinaryOperator, _ left: @escaping Evaluation, _ right: @escaping Evaluation, _ place: Place
  ) -> Evaluation {
    { frame in
      let first = try left(frame)
      let second = try right(frame)
      if case .number(let first, .plain) = first, case .number(let second, .plain) = second,
        let result = Value.arithmetic(operation, first, second)
      {
        return .number(result, .plain)
      }
      do { return try Value.binary(operation, first, second) } catch { throw place.diagnostic(error) }
    }
  }

  /// `1 < x < 5`: every link must hold; operands are evaluated once, and no further than needed.
  func comparison(_ first: Expression, _ links: [ComparisonLink], _ place: Place) throws -> Evaluation {
    let left = try evaluation(first)
    if links.count == 1 {
      let comparison = links[0].comparison
      let right = try evaluation(links[0].operand)
      return { frame in
        let first = try left(frame)
        let second = try right(frame)
        if case .number(let first, _) = first, case .number(let second, _) = second, comparison != .in {
          return .boolean(Value.holds(comparison, first, second))
        }
        do { return try Value.compare(comparison, first, second) } catch { throw place.diagnostic(error) }
      }
    }
    let rest = try links.map { (comparison: $0.comparison, operand: try evaluation($0.operand)) }
    return { frame in
      var current = try left(frame)
      for link in rest {
        let next = try link.operand(frame)
        do {
          guard case .boolean(let holds) = try Value.compare(link.comparison, current, next) else {
            throw Failure("a chain of comparisons needs single values", help: "join two masks with '*'")
          }
          if !holds { return .boolean(false) }
        } catch { throw place.diagnostic(error) }
        current = next
      }
      return .boolean(true)
    }
  }

  /// `and`, `or`: the right side runs only where the left one does not decide.
  func junction(_ left: Expression, _ right: Expression, stopsAt decisive: Bool, _ word: String) throws -> Evaluation {
    let first = try condition(left, for: "'\(word)'")
    let second = try condition(right, for: "'\(word)'")
    return { frame in .boolean(try first(frame) == decisive ? decisive : second(frame)) }
  }

  /// An expression that must be true or false.
  func condition(_ expression: Expression, for owner: String) throws -> @Sendable (Frame) throws -> Bool {
    let code = try evaluation(expression)
    let place = place(expression.span)
    return { frame in
      let value = try code(frame)
      if case .boolean(let boolean) = value { return boolean }
      throw place.diagnostic(
        Failure("\(owner) needs true or false, and this is \(value.kindName)", help: "compare it, as in x > 0"))
    }
  }

  func range(
    _ start: Expression, _ end: Expression, _ isClosed: Bool, _ step: Expression?, _ place: Place
  ) throws -> Evaluation {
    let first = try number(start, for: "the start of a range")
    let last = try number(end, for: "the end of a range")
    let advance = try step.map { try number($0, for: "the step of a range") }
    return { frame in
      let start = try first(frame)
      let end = try last(frame)
      let step = try advance?(frame)
      let styles = [start.style, end.style] + (step.map { [$0.style] } ?? [])
      do {
        return .range(
          try NumberRange(
            start.value, end.value, isClosed: isClosed, step: step?.value ?? 1, style: NumberRange.style(of: styles)))
      } catch { throw place.diagnostic(error) }
    }
  }

  private func number(
    _ expression: Expression, for owner: String
  ) throws -> @Sendable (Frame) throws -> (value: Double, style: NumberStyle) {
    let code = try evaluation(expression)
    let place = place(expression.span)
    return { frame in
      let value = try code(frame)
      if case .number(let number, let style) = value { return (number, style) }
      throw place.diagnostic(Failure("\(owner) is a number, and this is \(value.kindName)"))
    }
  }
}

extension NumberRange {
  /// `0..90% by 10%` counts in percent: the style of those ends that have one.
  static func style(of styles: [NumberStyle]) -> NumberStyle {
    .shared(styles.filter { $0 != .plain })
  }
}
