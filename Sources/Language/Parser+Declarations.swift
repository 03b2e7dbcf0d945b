extension Parser {
  /// fnDecl = "fn" , NAME , params , block ;
  mutating func parseFunction() throws -> FunctionDeclaration {
    let start = advance().span.start
    let name = try expectName("the name of the function")
    let parameters = try parseParameters()
    let body = try parseBlock("before the body of '\(name.text)'")
    return FunctionDeclaration(name: name, parameters: parameters, body: body, span: Span(start, previousEnd))
  }

  /// modelDecl = "model" , NAME , [ params ] , "on" , expr , block ;
  mutating func parseModel() throws -> ModelDeclaration {
    let start = advance().span.start
    let name = try expectName("the name of the model")
    let parameters = isAt(.openParenthesis) ? try parseParameters() : []
    guard accept(.on) else { throw unexpected("'on' and the shape of the input, as in on [3, 32, 32]") }
    let shape = try parseExpression()
    let body = try parseBlock("before the layers of '\(name.text)'")
    return ModelDeclaration(
      name: name, parameters: parameters, inputShape: shape, body: body, span: Span(start, previousEnd))
  }

  /// params = "(" , [ param , { "," , param } ] , ")" ;      param = NAME , [ "=" , expr ] ;
  mutating func parseParameters() throws -> [Parameter] {
    try expect(.openParenthesis, "before the parameters")
    return try withNewlinesSkipped(true) { parser in
      var parameters: [Parameter] = []
      while !parser.isAt(.closeParenthesis) {
        let name = try parser.expectName("the name of a parameter or ')'")
        let defaultValue = parser.accept(.assign) ? try parser.parseExpression() : nil
        parameters.append(Parameter(name: name, defaultValue: defaultValue))
        guard parser.accept(.comma) else { break }
      }
      try parser.expect(.closeParenthesis, "behind the parameters")
      return parameters
    }
  }

  /// forLoop = "for" , NAME , { "," , NAME } , "in" , expr , block ;
  mutating func parseFor() throws -> Statement.Kind {
    advance()
    let names = try parseLoopNames()
    let sequence = try parseExpression()
    return .for(names, in: sequence, try parseBlock("before the body of the loop"))
  }

  /// NAME , { "," , NAME } , "in"
  mutating func parseLoopNames() throws -> [Name] {
    var names = [try expectName("the name of the loop's variable")]
    while accept(.comma) { names.append(try expectName("the name of the loop's next variable")) }
    guard accept(.in) else { throw unexpected("'in' and what to loop over") }
    return names
  }

  /// whileLoop = "while" , expr , block ;
  mutating func parseWhile() throws -> Statement.Kind {
    advance()
    let condition = try parseExpression()
    return .while(condition, try parseBlock("before the body of the loop"))
  }

  /// ifExpr = "if" , expr , block , [ "else" , ( ifExpr | block ) ] ;
  mutating func parseIf() throws -> Expression {
    let start = advance().span.start
    let condition = try parseExpression()
    let consequence = try parseBlock("before what 'if' chooses")
    var alternative: Block?
    if accept(.else) {
      if isAt(.if) {
        let inner = try nested { try $0.parseIf() }
        alternative = Block([Statement(.expression(inner), inner.span)], inner.span)
      } else {
        alternative = try parseBlock("before what 'else' chooses")
      }
    }
    return try node(.if(condition, then: consequence, else: alternative), from: start)
  }
}
