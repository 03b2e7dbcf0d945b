import Testing

@testable import Language

/// The tables that the reference prints are what lexer and parser do.
@Suite struct TableTests {
  private func tree(_ text: String) -> String? {
    let (cell, diagnostics) = Parser.parseCell(Source(name: "t", text: text), number: 1)
    guard diagnostics.isEmpty, case .expression(let expression)? = cell.statements.first?.kind else { return nil }
    return expression.grouping(in: Source(name: "t", text: text))
  }

  private func isBinary(_ level: OperatorLevel) -> Bool { level.association != .prefix }

  @Test func levelsBindFromTheLoosestToTheTightest() {
    let levels = OperatorLevel.all.filter(isBinary)
    for (index, loose) in levels.enumerated() {
      for tight in levels[(index + 1)...] {
        for (low, high) in loose.operators.flatMap({ low in tight.operators.map { (low, $0) } }) {
          // A step stands behind a range only, and the pipe takes no operator at its right.
          guard low != "by", high != "by", high != "|>" || low != "|>" else { continue }
          #expect(tree("a \(high) b \(low) c") == "((a b) c)", "\(high) before \(low)")
          if low != "|>" { #expect(tree("a \(low) b \(high) c") == "(a (b c))", "\(low) before \(high)") }
        }
      }
    }
    #expect(tree("a..b by c + d") == "(a b (c d))")
    #expect(tree("a |> f == b") == "((a f) b)")
  }

  @Test func operatorsOfALevelAssociateAsItSays() {
    for level in OperatorLevel.all where isBinary(level) && level.operators != ["by"] {
      for (first, second) in level.operators.flatMap({ first in level.operators.map { (first, $0) } }) {
        let found = tree("a \(first) b \(second) c")
        switch level.association {
        case .left: #expect(found == "((a b) c)", "\(first) \(second)")
        case .right: #expect(found == "(a (b c))", "\(first) \(second)")
        case .chain: #expect(found == "(a b c)", "\(first) \(second)")
        case .none, .prefix: #expect(found == nil, "\(first) \(second)")
        }
      }
    }
  }

  @Test func prefixesStandWhereTheTableHasThem() {
    #expect(tree("not a == b") == "((a b))" && tree("not a and b") == "((a) b)")
    #expect(tree("-a ** b") == "((a b))" && tree("-a * b") == "((a) b)")
  }

  @Test func everySymbolThatIsAnOperatorIsInTheTable() {
    let delimiters: Set<Symbol> = [
      .openParenthesis, .closeParenthesis, .openBracket, .closeBracket, .openBrace, .closeBrace, .comma, .semicolon,
      .colon, .dot, .arrow, .assign, .plusAssign, .minusAssign, .starAssign, .slashAssign,
    ]
    let listed = Set(OperatorLevel.all.flatMap(\.operators))
    for symbol in Symbol.allCases where !delimiters.contains(symbol) { #expect(listed.contains(symbol.rawValue)) }
  }

  @Test func everyEscapeIsRead() {
    for escape in StringEscape.all {
      let result = Lexer.tokenize(Source(name: "t", text: "\"\(escape.spelling)\""))
      #expect(result.diagnostics.isEmpty)
      #expect(result.tokens[1].kind == .stringText(String(UnicodeScalar(escape.value))))
    }
  }

  @Test func everyUnitAndCommentIsRead() {
    for unit in NumberUnit.allCases {
      #expect(Lexer.tokenize(Source(name: "t", text: "5\(unit.rawValue)")).tokens.map(\.kind) == [.number, .end])
    }
    for kind in Comment.Kind.allCases {
      #expect(Lexer.tokenize(Source(name: "t", text: "\(kind.spelling)x")).comments.map(\.kind) == [kind])
    }
  }
}

extension Expression {
  /// Names as they are, and everything around others in parentheses.
  fileprivate func grouping(in source: Source) -> String {
    var children: [String] = []
    kind.forEachChild { children.append($0.grouping(in: source)) }
    return children.isEmpty ? source.text(in: span) : "(\(children.joined(separator: " ")))"
  }
}
