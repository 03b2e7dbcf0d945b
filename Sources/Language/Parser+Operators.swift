// Operators from the loosest to the tightest; each function is one rule of the grammar.
extension Parser {
  /// expr = or ;      or = and , { "or" , and } ;
  mutating func parseExpression() throws -> Expression {
    try nested { parser in
      let start = parser.current.span.start
      var left = try parser.parseAnd()
      while parser.accept(.or) {
        parser.skipNewline()
        left = try parser.node(.or(left, parser.parseAnd()), from: start)
      }
      return left
    }
  }

  /// and = not , { "and" , not } ;
  private mutating func parseAnd() throws -> Expression {
    let start = current.span.start
    var left = try parseNot()
    while accept(.and) {
      skipNewline()
      left = try node(.and(left, parseNot()), from: start)
    }
    return left
  }

  /// not = "not" , not | compare ;
  private mutating func parseNot() throws -> Expression {
    let start = current.span.start
    guard accept(.not) else { return try parseComparison() }
    return try node(.unary(.not, nested { try $0.parseNot() }), from: start)
  }

  /// compare = pipe , { ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" ) , pipe } ;
  private mutating func parseComparison() throws -> Expression {
    let start = current.span.start
    let left = try parsePipe()
    var links: [ComparisonLink] = []
    while let comparison = comparisonOperator {
      advance()
      skipNewline()
      links.append(ComparisonLink(comparison: comparison, operand: try parsePipe()))
    }
    return links.isEmpty ? left : try node(.comparison(left, links), from: start)
  }

  private var comparisonOperator: ComparisonOperator? {
    switch current.kind {
    case .symbol(let symbol): ComparisonOperator(rawValue: symbol.rawValue)
    case .keyword(.in): .in
    default: nil
    }
  }

  /// pipe = step , { "|>" , postfix } ;      (* a line that starts with "|>" goes on *)
  private mutating func parsePipe() throws -> Expression {
    let start = current.span.start
    var left = try parseStep()
    while true {
      if current.kind == .newline, kind(at: index + 1) == .symbol(.pipe) { skipNewline() }
      guard accept(.pipe) else { return left }
      skipNewline()
      left = try node(.pipe(left, parsePostfix()), from: start)
    }
  }

  /// step = range , [ "by" , range ] ;
  private mutating func parseStep() throws -> Expression {
    let start = current.span.start
    let left = try parseRange()
    guard isAt(.by) else { return left }
    guard case .range(let lower, let upper, let isClosed, nil) = left.kind else {
      throw failure("'by' stands behind a range", current.span, help: "write a..b by step")
    }
    advance()
    skipNewline()
    return try node(.range(lower, upper, isClosed: isClosed, step: parseSum()), from: start)
  }

  /// range = sum , [ ( ".." | "..<" ) , sum ] ;
  private mutating func parseRange() throws -> Expression {
    let start = current.span.start
    let lower = try parseSum()
    let isClosed = isAt(.closedRange)
    guard accept(.closedRange) || accept(.halfOpenRange) else { return lower }
    skipNewline()
    return try node(.range(lower, parseSum(), isClosed: isClosed, step: nil), from: start)
  }

  /// sum = product , { ( "+" | "-" ) , product } ;
  private mutating func parseSum() throws -> Expression {
    let start = current.span.start
    var left = try parseProduct()
    while isAt(.plus) || isAt(.minus) {
      let operation: BinaryOperator = isAt(.plus) ? .add : .subtract
      let span = advance().span
      skipNewline()
      left = try node(.binary(operation, left, parseProduct(), operatorSpan: span), from: start)
    }
    return left
  }

  /// product = unary , { ( "*" | "/" | "@" | "mod" ) , unary } ;
  private mutating func parseProduct() throws -> Expression {
    let start = current.span.start
    var left = try parseUnary()
    while let operation = productOperator {
      let span = advance().span
      skipNewline()
      left = try node(.binary(operation, left, parseUnary(), operatorSpan: span), from: start)
    }
    return left
  }

  private var productOperator: BinaryOperator? {
    switch current.kind {
    case .symbol(.star): .multiply
    case .symbol(.slash): .divide
    case .symbol(.at): .matrixProduct
    case .keyword(.mod): .modulo
    default: nil
    }
  }

  /// unary = "-" , unary | power ;
  private mutating func parseUnary() throws -> Expression {
    let start = current.span.start
    guard accept(.minus) else { return try parsePower() }
    return try node(.unary(.negate, nested { try $0.parseUnary() }), from: start)
  }

  /// power = postfix , [ "**" , unary ] ;
  private mutating func parsePower() throws -> Expression {
    let start = current.span.start
    let base = try parsePostfix()
    guard isAt(.power) else { return base }
    let span = advance().span
    skipNewline()
    let exponent = try nested { try $0.parseUnary() }
    return try node(.binary(.power, base, exponent, operatorSpan: span), from: start)
  }
}
