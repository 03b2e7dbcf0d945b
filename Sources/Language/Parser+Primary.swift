extension Parser {
  /// primary = NUMBER | STRING | "true" | "false" | "none" | "_" | NAME
  ///         | "(" , expr , ")" | list | matrix | record | lambda | ifExpr ;
  mutating func parsePrimary() throws -> Expression {
    let start = current.span.start
    switch current.kind {
    case .number: return try node(number(advance()), from: start)
    case .stringStart: return try parseString()
    case .keyword(.true), .keyword(.false):
      return try node(.boolean(advance().kind == .keyword(.true)), from: start)
    case .keyword(.none):
      advance()
      return try node(.none, from: start)
    case .keyword(.if): return try parseIf()
    case .keyword(.fn):
      advance()
      let parameters = try parseParameters()
      let body = try parseBlock("before the body of the function")
      return try lambda(parameters, body, from: start)
    case .name where following == .symbol(.arrow):
      return try parseArrow([Parameter(name: expectName("a parameter"))], from: start)
    case .name:
      let name = try expectName("a name")
      return try node(name.text == "_" ? .lastResult : .name(name.text), from: start)
    case .symbol(.openParenthesis): return try parseParenthesis()
    case .symbol(.openBracket): return try parseList()
    case .symbol(.openBrace): return try parseRecord()
    default: throw unexpected("an expression")
    }
  }

  private func number(_ token: Token) -> Expression.Kind {
    let text = source.text(in: token.span)
    let unit = text.drop { $0.isNumber || $0 == "." }
    // The lexer let nothing else through: an exponent ends in a digit, a unit never does.
    let units: [(NumberUnit, Double)] = [
      (.percent, 0.01), (.milliseconds, 0.001), (.seconds, 1), (.minutes, 60), (.hours, 3600),
    ]
    guard let (kind, scale) = units.first(where: { unit.hasSuffix($0.0.rawValue) }),
      let found = Double(text.dropLast(kind == .seconds && unit.hasSuffix("ms") ? 2 : kind.rawValue.count))
    else { return .number(Double(text) ?? 0, .none) }
    // Division keeps 7% the double nearest to 0.07.
    return .number(kind == .percent ? found / 100 : kind == .milliseconds ? found / 1000 : found * scale, kind)
  }

  /// STRING = '"' , { char | escape | "{" , expr , "}" } , '"' | '"""' … '"""' ;
  private mutating func parseString() throws -> Expression {
    let start = advance().span.start
    return try withNewlinesSkipped(true) { parser in
      var parts: [StringPart] = []
      while true {
        switch parser.current.kind {
        case .stringText(let text):
          parser.advance()
          parts.append(.text(text))
        case .interpolationStart:
          parser.advance()
          let value = try parser.parseExpression()
          var format: String?
          if case .format(let text) = parser.current.kind {
            parser.advance()
            format = text
          }
          guard parser.current.kind == .interpolationEnd else { throw parser.unexpected("'}' behind the value") }
          parser.advance()
          parts.append(.interpolation(value, format: format))
        default:
          guard parser.current.kind == .stringEnd else { throw parser.unexpected("the end of the string") }
          parser.advance()
          return try parser.node(.string(parts), from: start)
        }
      }
    }
  }

  /// "(" , expr , ")" | "(" , NAME , { "," , NAME } , ")" , "->" , expr
  private mutating func parseParenthesis() throws -> Expression {
    let start = current.span.start
    if isAtLambda {
      return try parseArrow(parseParameters(), from: start)
    }
    advance()
    return try withNewlinesSkipped(true) { parser in
      let inner = try parser.parseExpression()
      if parser.isAt(.comma) {
        throw parser.failure("a list stands in [ ]", parser.current.span, help: "write [a, b], or (a, b) -> expression")
      }
      try parser.expect(.closeParenthesis, "behind the expression")
      return inner
    }
  }

  /// Whether names, commas and `) ->` follow.
  private var isAtLambda: Bool {
    var ahead = index + 1
    while ahead < tokens.count {
      switch tokens[ahead].kind {
      case .name, .symbol(.comma), .newline: ahead += 1
      case .symbol(.closeParenthesis): return ahead + 1 < tokens.count && tokens[ahead + 1].kind == .symbol(.arrow)
      default: return false
      }
    }
    return false
  }

  private mutating func parseArrow(_ parameters: [Parameter], from start: Int) throws -> Expression {
    try expect(.arrow, "behind the parameters")
    skipNewline()
    let body = try parseExpression()
    return try lambda(parameters, Block([Statement(.expression(body), body.span)], body.span), from: start)
  }

  private func lambda(_ parameters: [Parameter], _ body: Block, from start: Int) throws -> Expression {
    let span = Span(start, previousEnd)
    return try node(
      .lambda(FunctionDeclaration(name: nil, parameters: parameters, body: body, span: span)), from: start)
  }

  /// list = "[" , [ expr , { "," , expr } , [ "," ] ] , "]"
  ///      | "[" , expr , "for" , NAME , { "," , NAME } , "in" , expr , [ "if" , expr ] , "]" ;
  /// matrix = "[" , row , ";" , row , { ";" , row } , "]" ;      row = expr , { "," , expr } ;
  private mutating func parseList() throws -> Expression {
    let start = advance().span.start
    let kind: Expression.Kind = try withNewlinesSkipped(true) { parser in
      var rows: [[Expression]] = [[]]
      while !parser.isAt(.closeBracket) {
        rows[rows.count - 1].append(try parser.parseExpression())
        if rows.count == 1, rows[0].count == 1, parser.accept(.for) {
          return try parser.parseComprehension(rows[0][0])
        }
        if parser.accept(.semicolon) {
          rows.append([])
          if parser.isAt(.closeBracket) { throw parser.unexpected("another row of the matrix behind ';'") }
        } else if !parser.accept(.comma) {
          break
        }
      }
      try parser.expect(.closeBracket, "or ',' behind the element")
      return rows.count == 1 ? .list(rows[0]) : .matrix(rows)
    }
    return try node(kind, from: start)
  }

  private mutating func parseComprehension(_ element: Expression) throws -> Expression.Kind {
    let names = try parseLoopNames()
    let sequence = try parseExpression()
    let condition = accept(.if) ? try parseExpression() : nil
    try expect(.closeBracket, "behind the list")
    return .comprehension(element: element, names: names, sequence: sequence, condition: condition)
  }

  /// record = "{" , [ key , ":" , expr , { "," , key , ":" , expr } ] , "}" ;      key = NAME | STRING ;
  private mutating func parseRecord() throws -> Expression {
    let start = advance().span.start
    let fields: [RecordField] = try withNewlinesSkipped(true) { parser in
      var fields: [RecordField] = []
      while !parser.isAt(.closeBrace) {
        let name = try parser.parseKey()
        try parser.expect(.colon, "behind the name of the field")
        fields.append(RecordField(name: name, value: try parser.parseExpression()))
        guard parser.accept(.comma) else { break }
      }
      try parser.expect(.closeBrace, "or ',' behind the field")
      return fields
    }
    return try node(.record(fields), from: start)
  }

  /// A string serves for names such as `features.4`, the paths of layers.
  private mutating func parseKey() throws -> Name {
    guard current.kind == .stringStart else { return try expectName("the name of a field or '}'") }
    let start = current.span.start
    guard case .string(let parts) = try parsePrimary().kind else { throw unexpected("the name of a field") }
    let texts = parts.compactMap { part -> String? in if case .text(let text) = part { text } else { nil } }
    guard texts.count == parts.count else { throw unexpected("a name without { } in it") }
    return Name(texts.joined(), Span(start, previousEnd))
  }
}
