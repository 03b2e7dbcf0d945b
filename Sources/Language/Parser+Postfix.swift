extension Parser {
  /// postfix = primary , { call | "[" , index , { "," , index } , "]" | "." , NAME } ;
  mutating func parsePostfix() throws -> Expression {
    let start = current.span.start
    var expression = try parsePrimary()
    // A lambda's body reaches as far as it can; nothing binds to the lambda from behind.
    if case .lambda = expression.kind { return expression }
    while tokens[position].kind != .newline {
      switch current.kind {
      case .symbol(.openParenthesis) where !current.followsSpace:
        expression = try node(.call(expression, parseArguments()), from: start)
      case .symbol(.openBracket) where !current.followsSpace:
        expression = try node(.index(expression, parseIndices()), from: start)
      case .symbol(.dot):
        advance()
        expression = try node(.field(expression, expectName("the name of a field behind '.'")), from: start)
      default: return expression
      }
    }
    return expression
  }

  /// call = "(" , [ argument , { "," , argument } , [ "," ] ] , ")" ;      argument = NAME , ":" , expr | expr ;
  private mutating func parseArguments() throws -> [Argument] {
    advance()
    return try withNewlinesSkipped(true) { parser in
      var arguments: [Argument] = []
      while !parser.isAt(.closeParenthesis) {
        let isLabelled = parser.current.kind == .name && parser.following == .symbol(.colon)
        let label = isLabelled ? try parser.expectName("a label") : nil
        if isLabelled { parser.advance() }
        let value = try parser.parseExpression()
        if label == nil, let before = arguments.last?.label {
          throw parser.failure(
            "an argument without a label stands behind '\(before.text):'", value.span,
            help: "write the arguments without labels first, or give this one its label")
        }
        arguments.append(Argument(label: label, value: value))
        guard parser.accept(.comma) else { break }
      }
      try parser.expect(.closeParenthesis, "or ',' behind the argument")
      return arguments
    }
  }

  /// index = ":" | expr ;
  private mutating func parseIndices() throws -> [Index] {
    advance()
    return try withNewlinesSkipped(true) { parser in
      var indices: [Index] = []
      repeat {
        if parser.isAt(.colon) {
          indices.append(.whole(parser.advance().span))
        } else {
          indices.append(.expression(try parser.parseExpression()))
        }
      } while parser.accept(.comma)
      try parser.expect(.closeBracket, "or ',' behind the index")
      return indices
    }
  }
}
