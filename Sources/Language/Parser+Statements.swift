extension Parser {
  /// cell = { [ statement ] , sep } ;
  mutating func parseStatements() -> [Statement] {
    var statements: [Statement] = []
    while current.kind != .end {
      if let statement = parseStatementAndSeparator() { statements.append(statement) }
      // A closing brace with nothing open was reported; the line after it may be sound.
      if isAt(.closeBrace) { advance() }
    }
    return statements
  }

  /// block = "{" , { statement , sep } , "}" ;
  mutating func parseBlock(_ context: String) throws -> Block {
    let start = current.span.start
    try expect(.openBrace, context)
    return try withNewlinesSkipped(false) { parser in
      var statements: [Statement] = []
      while !parser.isAt(.closeBrace) {
        if parser.current.kind == .end { throw parser.unexpected("'}'") }
        if let statement = try parser.nested({ $0.parseStatementAndSeparator() }) { statements.append(statement) }
      }
      parser.position += 1
      return Block(statements, Span(start, parser.previousEnd))
    }
  }

  /// One statement and what separates it from the next; an error in it is recorded, and the rest of its line skipped.
  private mutating func parseStatementAndSeparator() -> Statement? {
    if current.kind == .newline || accept(.semicolon) {
      skipNewline()
      return nil
    }
    do {
      var statement = try parseStatement()
      try parseSeparator(&statement)
      return statement
    } catch {
      if let diagnostic = (error as? Failure)?.diagnostic { diagnostics.append(diagnostic) }
      skipStatement()
      return nil
    }
  }

  /// sep = NL | ";" , [ NL ] | <before "}"> | <end of input> ;
  private mutating func parseSeparator(_ statement: inout Statement) throws {
    let isSeparated = accept(.semicolon)
    let isAtLineEnd = current.kind == .newline || current.kind == .end || isAt(.closeBrace)
    guard isSeparated || isAtLineEnd else { throw unexpected("the end of the statement") }
    statement.hidesEcho = isSeparated && isAtLineEnd
    skipNewline()
  }

  /// Goes to the end of the line, past the braces that open on the way.
  private mutating func skipStatement() {
    skipsNewlines = false
    var depth = 0
    while true {
      switch current.kind {
      case .end: return
      case .newline where depth == 0: return
      case .symbol(.openBrace): depth += 1
      case .symbol(.closeBrace) where depth == 0: return
      case .symbol(.closeBrace): depth -= 1
      default: break
      }
      advance()
    }
  }

  /// statement = magic | help | fnDecl | modelDecl | forLoop | whileLoop | "return" , [ expr ] | "break" | "continue"
  ///           | "expect" , expr | assignment | expr ;
  private mutating func parseStatement() throws -> Statement {
    let start = current.span.start
    let comment = documentation[index]
    var statement = Statement(try parseStatementKind(), Span(start, start))
    statement.span.end = max(start, previousEnd)
    switch statement.kind {
    case .function, .model: statement.documentation = comment
    default: break
    }
    return statement
  }

  private mutating func parseStatementKind() throws -> Statement.Kind {
    switch current.kind {
    case .magic: return try parseMagic()
    case .help:
      let text = source.text(in: advance().span)
      return .help(trimmed(text.drop { $0 == "?" }), wantsSource: text.hasPrefix("??"))
    case .keyword(.fn) where following == .name: return .function(try parseFunction())
    case .keyword(.model): return .model(try parseModel())
    case .keyword(.for): return try parseFor()
    case .keyword(.while): return try parseWhile()
    case .keyword(.return):
      advance()
      let isBare = current.kind == .newline || current.kind == .end || isAt(.semicolon) || isAt(.closeBrace)
      return .return(isBare ? nil : try parseExpression())
    case .keyword(.break):
      advance()
      return .break
    case .keyword(.continue):
      advance()
      return .continue
    case .keyword(.expect):
      advance()
      return .expect(try parseExpression())
    case .symbol(.pipe):
      throw failure(
        "a statement cannot begin with '|>'", current.span, help: "to go on with the last result, write _ |> ...")
    case .keyword(.else):
      throw failure("'else' stands without its 'if'", current.span, help: "write '} else {' on one line")
    default: return try parseAssignmentOrExpression()
    }
  }

  /// magic = ":" , NAME , rest-of-line ;
  private mutating func parseMagic() throws -> Statement.Kind {
    let token = advance()
    let text = source.text(in: token.span).dropFirst()
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard !name.isEmpty else {
      throw failure("expected the name of a command behind ':'", token.span, help: ":help lists the commands")
    }
    let span = Span(token.span.start, token.span.start + 1 + name.utf8.count)
    return .magic(Name(String(name), span), rest: trimmed(text.dropFirst(name.count)))
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// assignment = target , { "," , target } , "=" , expr | target , ( "+=" | "-=" | "*=" | "/=" ) , expr ;
  private mutating func parseAssignmentOrExpression() throws -> Statement.Kind {
    let first = try parseExpression()
    if let compound = compoundOperator {
      let target = try target(first)
      advance()
      skipNewline()
      return .compound(target, compound, try parseExpression())
    }
    guard isAt(.assign) || isAt(.comma) else { return .expression(first) }
    var targets = [try target(first)]
    while accept(.comma) {
      skipNewline()
      targets.append(try target(parseExpression()))
    }
    try expect(.assign, "behind the names that take the values")
    skipNewline()
    return .assign(targets, try parseExpression())
  }

  private var compoundOperator: BinaryOperator? {
    switch current.kind {
    case .symbol(.plusAssign): .add
    case .symbol(.minusAssign): .subtract
    case .symbol(.starAssign): .multiply
    case .symbol(.slashAssign): .divide
    default: nil
    }
  }

  /// target = NAME | postfix , "." , NAME | postfix , "[" , index , { "," , index } , "]" ;
  private func target(_ expression: Expression) throws -> Target {
    switch expression.kind {
    case .name(let name): return .name(Name(name, expression.span))
    case .lastResult: return .name(Name("_", expression.span))
    case .field(let base, let name): return .field(base, name)
    case .index(let base, let indices): return .index(base, indices, expression.span)
    default:
      throw failure("this cannot be assigned to", expression.span, help: "assign to a name, a field or an index")
    }
  }
}
